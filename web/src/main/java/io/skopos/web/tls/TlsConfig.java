// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.tls;

import io.skopos.model.config.Setting;

/** A certificate and its key, and who may connect; all files are read again when they change. */
public record TlsConfig(
    @Setting(
            doc =
                "PEM file of the certificate, followed by its intermediates; empty turns TLS off.")
        String certFile,
    @Setting(doc = "PEM file of the private key (PKCS#8, not encrypted).") String keyFile,
    @Setting(
            doc =
                "PEM file of the authorities whose client certificates are accepted; empty asks"
                    + " for none.")
        String clientCaFile,
    @Setting(
            doc =
                "Whether a client must show a certificate, or may. With required, connections"
                    + " without one are closed. Who it makes the caller says the credentials file.",
            defaultValue = "required")
        ClientCertificates clientCertificates) {

  /** Applies where there is a client_ca_file. */
  public enum ClientCertificates {
    REQUIRED,
    OPTIONAL
  }

  public static final TlsConfig OFF = new TlsConfig("", "", "", ClientCertificates.REQUIRED);

  public TlsConfig {
    if (certFile.isEmpty() != keyFile.isEmpty()) {
      throw new IllegalArgumentException("tls needs both cert_file and key_file, or neither");
    }
    if (certFile.isEmpty() && !clientCaFile.isEmpty()) {
      throw new IllegalArgumentException("client_ca_file needs cert_file and key_file");
    }
  }

  /** Encryption without client certificates. */
  public static TlsConfig of(String certFile, String keyFile) {
    return new TlsConfig(certFile, keyFile, "", ClientCertificates.REQUIRED);
  }

  public boolean enabled() {
    return !certFile.isEmpty();
  }

  /** Whether clients are asked for certificates. */
  public boolean asksClients() {
    return !clientCaFile.isEmpty();
  }

  /** Whether nobody gets in without a certificate. */
  public boolean requiresClients() {
    return asksClients() && clientCertificates == ClientCertificates.REQUIRED;
  }
}
