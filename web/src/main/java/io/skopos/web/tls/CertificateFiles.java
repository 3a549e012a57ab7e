// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.tls;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import io.skopos.web.Reloadable;
import java.io.IOException;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The certificate that new connections are shown, and whose certificates they may show us. */
public final class CertificateFiles implements TlsProvider, Reloadable {

  private final TlsConfig config;
  private volatile Files current;

  private record Files(TlsKeyPair keyPair, @Nullable List<X509Certificate> clientAuthorities) {}

  /**
   * @throws IOException when a file cannot be read, naming it
   */
  public CertificateFiles(TlsConfig config) throws IOException {
    this.config = config;
    current = read();
  }

  private Files read() throws IOException {
    Path certificate = Path.of(config.certFile());
    Path key = Path.of(config.keyFile());
    TlsKeyPair pair;
    try {
      pair = TlsKeyPair.of(key.toFile(), certificate.toFile());
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
    return new Files(
        pair, config.asksClients() ? PemFiles.certificates(Path.of(config.clientCaFile())) : null);
  }

  @Override
  public void reload() throws IOException {
    current = read();
  }

  @Override
  public Path[] files() {
    return files(config);
  }

  static Path[] files(TlsConfig config) {
    List<Path> files = new ArrayList<>(3);
    files.add(Path.of(config.certFile()));
    files.add(Path.of(config.keyFile()));
    if (config.asksClients()) {
      files.add(Path.of(config.clientCaFile()));
    }
    return files.toArray(new Path[0]);
  }

  @Override
  public TlsKeyPair keyPair(String hostname) {
    return current.keyPair();
  }

  @Override
  public @Nullable List<X509Certificate> trustedCertificates(String hostname) {
    return current.clientAuthorities();
  }
}
