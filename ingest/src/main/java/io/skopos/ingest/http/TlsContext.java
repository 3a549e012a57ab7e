// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import io.skopos.ingest.http.TlsSettings.Pem;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/**
 * Puts TLS over connections as settings say. Files are read again when they have changed, so that
 * certificates can be renewed under a running scrape. Thread-safe.
 */
final class TlsContext {

  private static final char[] NO_PASSWORD = new char[0];

  private final TlsSettings settings;
  private SSLContext context;
  private List<String> stamps;

  TlsContext(TlsSettings settings) throws FetchFailure {
    this.settings = settings;
    this.stamps = stamps();
    this.context = build();
  }

  /** A TLS connection to {@code host} over another one; the handshake is done. */
  SSLSocket over(Socket plain, String host, int port) throws IOException, FetchFailure {
    String name = settings.serverName().isEmpty() ? host : settings.serverName();
    SSLSocket socket =
        (SSLSocket) current().getSocketFactory().createSocket(plain, name, port, true);
    SSLParameters parameters = socket.getSSLParameters();
    if (!HttpThreads.isLiteral(name)) {
      try {
        parameters.setServerNames(List.of(new SNIHostName(name)));
      } catch (IllegalArgumentException e) {
        throw new FetchFailure("'" + name + "' cannot be asked for as a TLS server name", e);
      }
    }
    if (!settings.insecureSkipVerify()) {
      parameters.setEndpointIdentificationAlgorithm("HTTPS");
    }
    parameters.setProtocols(settings.protocols());
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return socket;
  }

  private synchronized SSLContext current() throws FetchFailure {
    List<String> now = stamps();
    if (!now.equals(stamps)) {
      context = build();
      stamps = now;
    }
    return context;
  }

  private List<String> stamps() {
    List<String> found = new ArrayList<>(3);
    for (Pem pem : List.of(settings.ca(), settings.certificate(), settings.key())) {
      Path file = pem.file();
      if (file != null) {
        try {
          found.add(Files.getLastModifiedTime(file) + " " + Files.size(file));
        } catch (IOException e) {
          found.add("missing");
        }
      }
    }
    return found;
  }

  private SSLContext build() throws FetchFailure {
    try {
      SSLContext built = SSLContext.getInstance("TLS");
      built.init(keys(), trust(), null);
      return built;
    } catch (GeneralSecurityException | IOException e) {
      throw new FetchFailure("the tls_config cannot be used: " + e.getMessage(), e);
    }
  }

  private TrustManager @Nullable [] trust() throws GeneralSecurityException, IOException {
    if (settings.insecureSkipVerify()) {
      return new TrustManager[] {new TrustEverything()};
    }
    if (!settings.ca().isSet()) {
      return null;
    }
    KeyStore store = emptyStore();
    String what = what(settings.ca());
    for (Certificate certificate : PemText.certificates(read(settings.ca()), what)) {
      store.setCertificateEntry("ca-" + store.size(), certificate);
    }
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private KeyManager @Nullable [] keys() throws GeneralSecurityException, IOException {
    if (!settings.certificate().isSet()) {
      return null;
    }
    KeyStore store = emptyStore();
    store.setKeyEntry(
        "client",
        PemText.privateKey(read(settings.key()), what(settings.key())),
        NO_PASSWORD,
        PemText.certificates(read(settings.certificate()), what(settings.certificate()))
            .toArray(new Certificate[0]));
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, NO_PASSWORD);
    return factory.getKeyManagers();
  }

  private static String read(Pem pem) throws IOException {
    Path file = pem.file();
    return file == null ? pem.text() : Files.readString(file);
  }

  private static String what(Pem pem) {
    return pem.file() == null ? "the inline PEM" : "'" + pem.file() + "'";
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    return store;
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
