// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import java.io.IOException;
import java.nio.file.Path;

/** The certificate that new connections are shown. */
final class CertificateFiles implements TlsProvider, Reloadable {

  private final Path certificate;
  private final Path key;
  private volatile TlsKeyPair current;

  CertificateFiles(TlsConfig config) throws IOException {
    certificate = Path.of(config.certFile());
    key = Path.of(config.keyFile());
    current = read();
  }

  private TlsKeyPair read() throws IOException {
    try {
      return TlsKeyPair.of(key.toFile(), certificate.toFile());
    } catch (RuntimeException e) {
      throw new IOException(
          "the certificate "
              + certificate
              + " or its key "
              + key
              + " cannot be read: "
              + e.getMessage(),
          e);
    }
  }

  @Override
  public void reload() throws IOException {
    current = read();
  }

  @Override
  public Path[] files() {
    return new Path[] {certificate, key};
  }

  @Override
  public TlsKeyPair keyPair(String hostname) {
    return current;
  }
}
