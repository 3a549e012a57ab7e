// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.web.access.AccessConfig;
import io.skopos.web.access.Right;
import io.skopos.web.tls.PemFiles;
import io.skopos.web.tls.TlsConfig;
import io.skopos.web.tls.TlsSockets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ListenersTest {

  @TempDir Path directory;

  @Test
  void addressesHaveTheirOwnEncryptionAndCertificatesNameCallers() throws Exception {
    TestAuthority authority = new TestAuthority(directory);
    authority.issue("server", "IP:127.0.0.1");
    authority.issue("agent", "DNS:agent-1.example");
    authority.issue("stranger", "DNS:stranger.example");
    Path credentials = directory.resolve("credentials");
    Files.writeString(credentials, "agent-1.example:cert:team-a:write\nagent:cert:team-b:read\n");
    TlsConfig plain =
        TlsConfig.of(
            authority.certificate("server").toString(), authority.key("server").toString());
    TlsConfig optional = withClients(authority, TlsConfig.ClientCertificates.OPTIONAL);
    TlsConfig required = withClients(authority, TlsConfig.ClientCertificates.REQUIRED);
    try (RunningServer running =
        new RunningServer(
            config -> {
              config.listeners =
                  List.of(
                      new ListenerConfig("127.0.0.1:0", plain),
                      new ListenerConfig("127.0.0.1:0", optional),
                      new ListenerConfig("127.0.0.1:0", required));
              config.access = AccessConfig.OPEN.withCredentialsFile(credentials.toString());
              return config;
            },
            routes ->
                routes
                    .family(ErrorShape.PLAIN_TEXT, Right.WRITE)
                    .get(
                        "/who",
                        request -> Response.text(200, request.user() + " " + request.tenant())))) {
      List<Integer> ports =
          running.server.addresses().stream().map(address -> address.getPort()).toList();
      assertThat(ports).hasSize(4).doesNotHaveDuplicates();

      assertThat(running.get("/who").statusCode()).as("no encryption").isEqualTo(401);
      assertThat(ask(authority, ports.get(1), "agent"))
          .as("a certificate nobody asked for")
          .contains(" 401 ");
      assertThat(ask(authority, ports.get(2), null)).contains(" 401 ");
      assertThat(ask(authority, ports.get(2), "agent")).endsWith("agent-1.example team-a");
      assertThat(ask(authority, ports.get(2), "stranger"))
          .as("known to the authority, not to the credentials")
          .contains(" 401 ");
      assertThat(ask(authority, ports.get(3), "agent")).endsWith("agent-1.example team-a");
      assertThatThrownBy(() -> ask(authority, ports.get(3), null)).isInstanceOf(IOException.class);

      Files.writeString(credentials, "agent:cert:team-b:*\n");
      running.server.reloadFiles();
      assertThat(ask(authority, ports.get(3), "agent")).endsWith("agent team-b");

      Path other = Files.createDirectory(directory.resolve("other"));
      TestAuthority newAuthority = new TestAuthority(other);
      Files.copy(
          newAuthority.caFile(),
          authority.directoryFile("clients.pem"),
          java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      running.server.reloadFiles();
      assertThatThrownBy(() -> ask(authority, ports.get(3), "agent"))
          .as("the authority of clients was changed")
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void plainTcpListenersGetTlsToo() throws Exception {
    TestAuthority authority = new TestAuthority(directory);
    authority.issue("server", "IP:127.0.0.1");
    authority.issue("agent", "DNS:agent");
    TlsSockets sockets =
        new TlsSockets(withClients(authority, TlsConfig.ClientCertificates.REQUIRED));
    try (ServerSocket listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress())) {
      CompletableFuture<String> heard = heard(listener, sockets);
      try (SSLSocket client = connect(authority, listener.getLocalPort(), "agent")) {
        OutputStream out = client.getOutputStream();
        out.write("a 1 2\n".getBytes(StandardCharsets.US_ASCII));
        out.flush();
        assertThat(heard.get(30, TimeUnit.SECONDS)).isEqualTo("a 1 2");
      }
      CompletableFuture<String> unknown = heard(listener, sockets);
      assertThatThrownBy(
              () -> {
                try (SSLSocket client = connect(authority, listener.getLocalPort(), null)) {
                  client.startHandshake();
                  client.getInputStream().read();
                }
              })
          .isInstanceOf(IOException.class);
      assertThat(unknown.get(30, TimeUnit.SECONDS)).startsWith("broken");

      authority.issue("server", "IP:127.0.0.1");
      sockets.reload();
      CompletableFuture<String> again = heard(listener, sockets);
      try (SSLSocket client = connect(authority, listener.getLocalPort(), "agent")) {
        client.startHandshake();
        assertThat(client.getSession().getPeerCertificates()[0])
            .isEqualTo(PemFiles.certificates(authority.certificate("server")).getFirst());
        client.getOutputStream().write(new byte[] {'x', '\n'});
      }
      assertThat(again.get(30, TimeUnit.SECONDS)).isEqualTo("x");
      Files.writeString(authority.key("server"), "broken");
      assertThatThrownBy(sockets::reload)
          .isInstanceOf(IOException.class)
          .hasMessageContaining("server.key");
    }
  }

  private static CompletableFuture<String> heard(ServerSocket listener, TlsSockets sockets) {
    CompletableFuture<String> heard = new CompletableFuture<>();
    Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (Socket accepted = listener.accept();
              Socket encrypted = sockets.serve(accepted)) {
            accepted.setSoTimeout(30_000);
            heard.complete(
                new BufferedReader(
                        new InputStreamReader(
                            encrypted.getInputStream(), StandardCharsets.US_ASCII))
                    .readLine());
          } catch (IOException e) {
            heard.complete("broken: " + e.getMessage());
          }
        });
    return heard;
  }

  private static TlsConfig withClients(
      TestAuthority authority, TlsConfig.ClientCertificates clients) throws IOException {
    Path file = authority.directoryFile("clients.pem");
    Files.copy(authority.caFile(), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    return new TlsConfig(
        authority.certificate("server").toString(),
        authority.key("server").toString(),
        file.toString(),
        clients);
  }

  private static SSLSocket connect(TestAuthority authority, int port, @Nullable String client)
      throws Exception {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(
        client == null
            ? null
            : PemFiles.keyManagers(
                PemFiles.certificates(authority.certificate(client)),
                PemFiles.privateKey(authority.key(client))),
        PemFiles.trustManagers(PemFiles.certificates(authority.caFile())),
        null);
    SSLSocket socket = (SSLSocket) context.getSocketFactory().createSocket("127.0.0.1", port);
    socket.setSoTimeout(30_000);
    return socket;
  }

  private static String ask(TestAuthority authority, int port, @Nullable String client)
      throws Exception {
    try (SSLSocket socket = connect(authority, port, client)) {
      RunningServer.write(
          socket, "GET /who HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
