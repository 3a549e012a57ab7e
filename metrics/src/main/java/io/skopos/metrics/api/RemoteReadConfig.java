// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.model.config.ByteSize;
import io.skopos.model.config.Setting;

/** What remote reads may cost, beside what limits every query. */
public record RemoteReadConfig(
    @Setting(
            doc = "Remote reads answered at the same time; the next one waits, then gets 503.",
            defaultValue = "10")
        int concurrency,
    @Setting(
            doc = "Largest answer that is not streamed, before compression.",
            defaultValue = "256MiB")
        ByteSize maxResponse,
    @Setting(
            doc =
                "Size from which a frame of a streamed answer is sent; one may be larger by a"
                    + " series' labels and a chunk.",
            defaultValue = "1MiB")
        ByteSize frame) {

  public static final RemoteReadConfig DEFAULT =
      new RemoteReadConfig(10, ByteSize.ofMebibytes(256), ByteSize.ofMebibytes(1));

  public RemoteReadConfig {
    if (concurrency < 1 || maxResponse.bytes() < 1 || frame.bytes() < 1) {
      throw new IllegalArgumentException(
          "query.remote_read.concurrency, query.remote_read.max_response and"
              + " query.remote_read.frame must be positive");
    }
  }
}
