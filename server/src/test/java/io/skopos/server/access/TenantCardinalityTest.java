// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.access;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.server.ServerOptions;
import io.skopos.server.SkoposServer;
import io.skopos.server.config.ConfigLoader;
import io.skopos.storage.BucketUse;
import io.skopos.web.access.Secrets;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whose tenants callers are told of. */
class TenantCardinalityTest {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();
  private static final String PATH = "/api/v1/status/cardinality?by=tenant&end=1767312000";

  @Test
  void callersSeeTheirOwnTenantsOnly(@TempDir Path directory) throws Exception {
    Path credentials = directory.resolve("credentials");
    Files.writeString(
        credentials,
        line("root", "*:*") + line("lead", "a,b:read,admin") + line("viewer", "a,b:read"));
    Map<String, String> settings =
        Map.of(
            "web.listen", "127.0.0.1:0",
            "web.access.credentials_file", credentials.toString(),
            "collect.enabled", "false",
            "host_metrics.enabled", "false",
            "self_monitoring.enabled", "false");
    try (SkoposServer server =
        SkoposServer.start(
            new ServerOptions(
                directory.resolve("data"),
                BucketUse.Mode.OWN,
                Map.of(),
                () -> ConfigLoader.load(null, settings)))) {
      write(server, "a", 2);
      write(server, "b", 3);
      write(server, "c", 4);

      assertThat(get(server, "root", "a").body())
          .contains("\"by\":\"tenant\",\"day\":\"2026-01-01\"")
          .contains("\"total\":{\"series\":9,")
          .contains("\"groupCount\":3,\"groups\":[{\"name\":\"c\",\"series\":4,")
          .contains("{\"name\":\"b\",\"series\":3,")
          .contains("{\"name\":\"a\",\"series\":2,");
      assertThat(get(server, "lead", "a").body())
          .contains("\"total\":{\"series\":5,")
          .contains("\"groupCount\":2,\"groups\":[{\"name\":\"b\",\"series\":3,")
          .doesNotContain("\"name\":\"c\"");
      HttpResponse<String> refused = get(server, "viewer", "a");
      assertThat(refused.statusCode()).isEqualTo(403);
      assertThat(refused.body()).contains("needs the right admin; 'viewer' has read");
    }
  }

  private static HttpResponse<String> get(SkoposServer server, String user, String tenant)
      throws Exception {
    return CLIENT.send(
        request(server, PATH, user, tenant).build(), HttpResponse.BodyHandlers.ofString());
  }

  private static void write(SkoposServer server, String tenant, int series) throws Exception {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < series; i++) {
      text.append("m{i=\"").append(i).append("\"} 1 1767225600000\n");
    }
    HttpResponse<String> answer =
        CLIENT.send(
            request(server, "/api/v1/import/prometheus", "root", tenant)
                .POST(HttpRequest.BodyPublishers.ofString(text.toString()))
                .build(),
            HttpResponse.BodyHandlers.ofString());
    assertThat(answer.statusCode()).as(answer.body()).isBetween(200, 204);
  }

  private static HttpRequest.Builder request(
      SkoposServer server, String path, String user, String tenant) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.port() + path))
        .header("X-Scope-OrgID", tenant)
        .timeout(Duration.ofSeconds(30))
        .header("Authorization", "Bearer secret-of-" + user);
  }

  private static String line(String user, String grant) {
    return user + ":sha256:" + Secrets.sha256Hex("secret-of-" + user) + ":" + grant + "\n";
  }
}
