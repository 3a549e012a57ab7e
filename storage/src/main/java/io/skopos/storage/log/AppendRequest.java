// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.skopos.storage.Frame;
import io.skopos.storage.Positions;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One append on its way through the log's thread. */
record AppendRequest(
    List<Frame> frames,
    List<EncodedFrame> encoded,
    long bytes,
    CompletableFuture<Positions> durable) {}
