// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.linecorp.armeria.common.TlsKeyPair;
import io.skopos.web.tls.TlsConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.Base64;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TlsTest {

  @TempDir Path directory;

  @Test
  void servesTlsAndShowsARenewedCertificate() throws Exception {
    TlsKeyPair first = TlsKeyPair.ofSelfSigned("first.example");
    TlsKeyPair second = TlsKeyPair.ofSelfSigned("second.example");
    write(first);
    try (RunningServer running = encrypted()) {
      assertThat(certificateShown(running)).isEqualTo(first.certificateChain().getFirst());
      write(second);
      running.server.reloadFiles();
      assertThat(certificateShown(running)).isEqualTo(second.certificateChain().getFirst());
      Files.writeString(directory.resolve("cert.pem"), "broken");
      running.server.reloadFiles();
      assertThat(certificateShown(running)).isEqualTo(second.certificateChain().getFirst());
    }
  }

  @Test
  void badFilesKeepTheServerFromStarting() throws Exception {
    Files.writeString(directory.resolve("cert.pem"), "broken");
    Files.writeString(directory.resolve("key.pem"), "broken");
    assertThatThrownBy(this::encrypted)
        .isInstanceOf(IOException.class)
        .hasMessageContaining("cert.pem")
        .hasMessageContaining("cannot be read");
    assertThatThrownBy(() -> TlsConfig.of("cert.pem", ""))
        .hasMessageContaining("both cert_file and key_file");
  }

  /** Speaks a request over TLS and returns the server's certificate. */
  private static X509Certificate certificateShown(RunningServer running) throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(null, new TrustManager[] {new TrustAnyone()}, null);
    try (SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", running.server.port())) {
      socket.setSoTimeout(10_000);
      RunningServer.write(socket, "GET /-/healthy HTTP/1.1\r\nHost: localhost\r\n\r\n");
      assertThat(RunningServer.readHead(socket)).startsWith("HTTP/1.1 200");
      return (X509Certificate) socket.getSession().getPeerCertificates()[0];
    }
  }

  private RunningServer encrypted() throws IOException {
    return new RunningServer(
        config -> {
          config.tls =
              TlsConfig.of(
                  directory.resolve("cert.pem").toString(),
                  directory.resolve("key.pem").toString());
          return config;
        },
        _ -> {});
  }

  private void write(TlsKeyPair pair) throws Exception {
    Files.writeString(
        directory.resolve("cert.pem"),
        pem("CERTIFICATE", pair.certificateChain().getFirst().getEncoded()));
    Files.writeString(
        directory.resolve("key.pem"), pem("PRIVATE KEY", pair.privateKey().getEncoded()));
  }

  private static String pem(String type, byte[] der) {
    String body =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(der);
    return "-----BEGIN " + type + "-----\n" + body + "\n-----END " + type + "-----\n";
  }

  private static final class TrustAnyone implements X509TrustManager {

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
