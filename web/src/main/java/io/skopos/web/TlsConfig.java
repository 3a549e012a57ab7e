// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.skopos.model.config.Setting;

/** A certificate and its key; both are read again when the files change. */
public record TlsConfig(
    @Setting(
            doc =
                "PEM file of the certificate, followed by its intermediates; empty turns TLS off.")
        String certFile,
    @Setting(doc = "PEM file of the private key (PKCS#8, not encrypted).") String keyFile) {

  public static final TlsConfig OFF = new TlsConfig("", "");

  public TlsConfig {
    if (certFile.isEmpty() != keyFile.isEmpty()) {
      throw new IllegalArgumentException("tls needs both cert_file and key_file, or neither");
    }
  }

  public boolean enabled() {
    return !certFile.isEmpty();
  }
}
