// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.ingest.scrape.config.TlsSettings;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.Collection;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds what TLS needs from PEM files. */
final class TlsContext {

  private static final Logger log = LoggerFactory.getLogger(TlsContext.class);

  private static final char[] NO_PASSWORD = new char[0];

  private TlsContext() {}

  static SSLContext of(TlsSettings settings) throws ScrapeFailure {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      KeyManagerFactory keys = keys(settings);
      context.init(keys == null ? null : keys.getKeyManagers(), trust(settings), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new ScrapeFailure("the tls_config cannot be used: " + e.getMessage(), e);
    }
  }

  private static TrustManager @Nullable [] trust(TlsSettings settings)
      throws GeneralSecurityException, IOException {
    if (settings.insecureSkipVerify()) {
      return new TrustManager[] {new TrustEverything()};
    }
    Path caFile = settings.caFile();
    if (caFile == null) {
      return null;
    }
    KeyStore store = emptyStore();
    for (Certificate certificate : certificates(caFile)) {
      store.setCertificateEntry("ca-" + store.size(), certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static @Nullable KeyManagerFactory keys(TlsSettings settings)
      throws GeneralSecurityException, IOException {
    Path certificateFile = settings.certificateFile();
    Path keyFile = settings.keyFile();
    if (certificateFile == null || keyFile == null) {
      return null;
    }
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "client",
        privateKey(keyFile),
        NO_PASSWORD,
        certificates(certificateFile).toArray(new Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory;
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
  }

  private static Collection<? extends Certificate> certificates(Path file)
      throws GeneralSecurityException, IOException {
    try (InputStream in = Files.newInputStream(file)) {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509").generateCertificates(in);
      if (certificates.isEmpty()) {
        throw new IOException("'" + file + "' holds no certificate");
      }
      return certificates;
    }
  }

  private static PrivateKey privateKey(Path file) throws GeneralSecurityException, IOException {
    String pem = Files.readString(file);
    int begin = pem.indexOf("-----BEGIN PRIVATE KEY-----");
    int end = pem.indexOf("-----END PRIVATE KEY-----");
    if (begin < 0 || end < begin) {
      throw new IOException(
          "'"
              + file
              + "' holds no PKCS #8 key (BEGIN PRIVATE KEY); convert it with openssl pkcs8 -topk8"
              + " -nocrypt");
    }
    String base64 = pem.substring(begin + "-----BEGIN PRIVATE KEY-----".length(), end);
    PKCS8EncodedKeySpec key = new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64));
    for (String algorithm : new String[] {"EC", "RSA", "EdDSA"}) {
      try {
        return KeyFactory.getInstance(algorithm).generatePrivate(key);
      } catch (InvalidKeySpecException e) {
        log.debug("the key in '{}' is not of the kind {}", file, algorithm);
      }
    }
    throw new IOException("the key in '" + file + "' is neither EC, RSA nor EdDSA");
  }

  /**
   * For {@code insecure_skip_verify}: the extended kind, so that the host is not checked either.
   */
  private static final class TrustEverything extends X509ExtendedTrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) {}

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
