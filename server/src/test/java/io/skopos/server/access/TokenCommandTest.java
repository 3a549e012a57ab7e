// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.server.ServerOptions;
import io.skopos.server.SkoposServer;
import io.skopos.server.cli.SkoposCommand;
import io.skopos.server.config.ConfigLoader;
import io.skopos.storage.BucketUse;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** The command line against a running server, over a real socket. */
@ResourceLock(Resources.SYSTEM_OUT)
@ResourceLock(Resources.SYSTEM_ERR)
class TokenCommandTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir Path directory;

  private SkoposServer start(Map<String, String> more) throws Exception {
    Map<String, String> settings = new HashMap<>(more);
    settings.putIfAbsent("web.listen", "127.0.0.1:0");
    settings.put("web.access.required", "true");
    settings.put("collect.enabled", "false");
    settings.put("host_metrics.enabled", "false");
    settings.put("self_monitoring.enabled", "false");
    return SkoposServer.start(
        new ServerOptions(
            directory.resolve("data"),
            BucketUse.Mode.OWN,
            Map.of(),
            () -> ConfigLoader.load(null, settings)));
  }

  private record Said(int status, String out, String err) {}

  private Said run(String... arguments) {
    PrintStream out = System.out;
    PrintStream err = System.err;
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    ByteArrayOutputStream complained = new ByteArrayOutputStream();
    try {
      System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(complained, true, StandardCharsets.UTF_8));
      int status = SkoposCommand.run(arguments);
      return new Said(
          status,
          said.toString(StandardCharsets.UTF_8),
          complained.toString(StandardCharsets.UTF_8));
    } finally {
      System.setOut(out);
      System.setErr(err);
    }
  }

  @Test
  void aTokenIsMadeUsedListedAndRevokedAndAllOfItAudited() throws Exception {
    String data = directory.resolve("data").toString();
    String ci;
    String root;
    try (SkoposServer server = start(Map.of())) {
      assertThat(
              PosixFilePermissions.toString(
                  Files.getPosixFilePermissions(directory.resolve("data/local-access"))))
          .isEqualTo("rw-------");
      Said made =
          run(
              "token",
              "create",
              "--data",
              data,
              "--name",
              "ci",
              "--tenants",
              "team-a,team-b",
              "--rights",
              "read",
              "--expires",
              "90d");
      assertThat(made.status()).as(made.err()).isZero();
      ci = made.out().strip();
      assertThat(ci).startsWith("skopos_").hasSizeGreaterThan(45);
      root =
          run(
                  "token",
                  "create",
                  "--data",
                  data,
                  "--name",
                  "root",
                  "--tenants",
                  "*",
                  "--rights",
                  "*")
              .out()
              .strip();

      assertThat(query(server, ci, "team-a").statusCode()).isEqualTo(200);
      assertThat(query(server, ci, "team-c").statusCode()).isEqualTo(403);
      assertThat(query(server, "skopos_" + "x".repeat(43), "team-a").statusCode()).isEqualTo(401);
      HttpResponse<String> refused = post(server, "/-/flush", ci, "team-a", "");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("POST /-/flush needs the right admin; 'ci' has read");
      HttpResponse<String> more =
          post(server, "/api/v1/tokens", ci, "team-a", "{\"name\":\"x\",\"tenants\":[\"*\"]}");
      assertThat(more.statusCode()).isEqualTo(403);

      Said again = run("token", "create", "--data", data, "--name", "ci");
      assertThat(again.status()).isOne();
      assertThat(again.err()).contains("there is a token named 'ci'; revoke it first");

      Said listed = run("token", "list", "--data", data);
      assertThat(listed.out())
          .contains("ci    team-a,team-b  read")
          .contains("root  *              read,write,admin,act")
          .doesNotContain(ci)
          .doesNotContain(root);
    }
    try (SkoposServer server = start(Map.of())) {
      assertThat(query(server, ci, "team-b").statusCode()).as("after a restart").isEqualTo(200);
      Said revoked = run("token", "revoke", "--data", data, "ci");
      assertThat(revoked.out()).isEqualTo("revoked ci\n");
      assertThat(query(server, ci, "team-b").statusCode()).isEqualTo(401);
      assertThat(run("token", "revoke", "--data", data, "ci").err())
          .contains("there is no token named 'ci'");

      String audit = audit(server, root, "token 'ci'");
      assertThat(audit)
          .contains("'local' called POST /api/v1/tokens: done")
          .contains("'local' called DELETE /api/v1/tokens/ci: done")
          .contains("token 'ci' for team-a,team-b with read")
          .doesNotContain(ci)
          .doesNotContain(root);
      assertThat(audit(server, root, "flush")).contains("'ci' called POST /-/flush: refused");
    }
    assertThat(directory.resolve("data/local-access")).doesNotExist();
    Said stopped = run("token", "list", "--data", data, "--url", "http://127.0.0.1:1");
    assertThat(stopped.status()).isOne();
    assertThat(stopped.err()).contains("nothing answers at http://127.0.0.1:1");
  }

  @Test
  void nobodyGivesAwayMoreThanTheyHave() throws Exception {
    String data = directory.resolve("data").toString();
    try (SkoposServer server = start(Map.of())) {
      String admin =
          run(
                  "token",
                  "create",
                  "--data",
                  data,
                  "--name",
                  "boss",
                  "--tenants",
                  "a",
                  "--rights",
                  "read,admin")
              .out()
              .strip();
      assertThat(
              post(
                      server,
                      "/api/v1/tokens",
                      admin,
                      "",
                      "{\"name\":\"r\",\"tenants\":[\"a\"],\"rights\":[\"read\"]}")
                  .statusCode())
          .isEqualTo(200);
      for (String wanted :
          new String[] {
            "{\"name\":\"w\",\"tenants\":[\"a\"],\"rights\":[\"write\"]}",
            "{\"name\":\"w\",\"tenants\":[\"b\"],\"rights\":[\"read\"]}",
            "{\"name\":\"w\",\"tenants\":[\"*\"],\"rights\":[\"read\"]}"
          }) {
        HttpResponse<String> answer = post(server, "/api/v1/tokens", admin, "", wanted);
        assertThat(answer.statusCode()).as(wanted).isEqualTo(403);
        assertThat(answer.body()).contains("cannot give away more");
      }
      for (String bad :
          new String[] {
            "{}",
            "[]",
            "{\"name\":\"a b\"}",
            "{\"name\":\"x\",\"tenants\":[\"/\"]}",
            "{\"name\":\"x\",\"tenants\":[\"a\"],\"rights\":[\"fly\"]}",
            "{\"name\":\"x\",\"tenants\":[\"a\"],\"expires\":\"soon\"}",
            "{\"name\":\"x\",\"tenants\":[\"a\"],\"expires\":\"2001-01-01T00:00:00Z\"}",
            "{\"name\":\"x\",\"tenants\":[\"a\"],\"sha256\":\"00\"}"
          }) {
        assertThat(post(server, "/api/v1/tokens", admin, "", bad).statusCode())
            .as(bad)
            .isEqualTo(400);
      }
      HttpResponse<String> flush = post(server, "/-/flush", admin, "a", "");
      assertThat(flush.statusCode()).isEqualTo(403);
      assertThat(flush.body()).contains("concerns the whole server");
    }
  }

  private static String audit(SkoposServer server, String token, String awaited) throws Exception {
    for (int attempt = 0; attempt < 200; attempt++) {
      String found =
          send(request(server, "/api/v1/events?kind=audit&limit=1000", token, "anonymous").build())
              .body();
      if (found.contains(awaited) && found.contains("DELETE")) {
        return found;
      }
      Thread.sleep(50);
    }
    return "no audit of " + awaited;
  }

  private static HttpResponse<String> query(SkoposServer server, String token, String tenant)
      throws Exception {
    return send(request(server, "/api/v1/query?query=1", token, tenant).build());
  }

  private static HttpResponse<String> post(
      SkoposServer server, String path, String token, String tenant, String body) throws Exception {
    return send(
        request(server, path, token, tenant)
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build());
  }

  private static HttpRequest.Builder request(
      SkoposServer server, String path, String token, String tenant) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
            .timeout(Duration.ofSeconds(30))
            .header("Authorization", "Bearer " + token);
    return tenant.isEmpty() ? request : request.header("X-Scope-OrgID", tenant);
  }

  private static HttpResponse<String> send(HttpRequest request) throws Exception {
    return CLIENT.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
