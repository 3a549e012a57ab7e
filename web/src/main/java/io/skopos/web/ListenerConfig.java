// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.skopos.model.config.Setting;
import io.skopos.web.tls.TlsConfig;

/** One more address to listen on, with an encryption of its own. */
public record ListenerConfig(
    @Setting(doc = "host:port, as in web.listen.") String address,
    @Setting(doc = "Encryption of this address; none unless a certificate is given.")
        TlsConfig tls) {

  public ListenerConfig {
    if (address.isBlank()) {
      throw new IllegalArgumentException("address: is needed, like 0.0.0.0:4943");
    }
  }
}
