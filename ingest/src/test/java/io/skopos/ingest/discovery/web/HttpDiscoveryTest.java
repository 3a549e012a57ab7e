// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.ingest.discovery.DiscoveryRun;
import io.skopos.ingest.http.LocalServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HttpDiscoveryTest {

  private final AtomicReference<String> answer =
      new AtomicReference<>("[{\"targets\":[\"a:1\",\"b:2\"],\"labels\":{\"env\":\"x\",\"n\":1}}]");

  @Test
  void targetsFollowTheServerAndOutliveItsFailures(@TempDir Path directory) throws Exception {
    Path secret = Files.writeString(directory.resolve("token"), "geheim");
    try (LocalServer server =
            new LocalServer((seen, exchange) -> {
              String text = Objects.requireNonNull(answer.get());
              if (text.startsWith("!")) {
                LocalServer.send(exchange, 503, "text/plain", text);
              } else {
                LocalServer.json(exchange, text);
              }
            });
        DiscoveryRun run = new DiscoveryRun(3)) {
      run.start(
          HttpDiscoverySettings::parse,
          "{url: '%s', refresh_interval: 100ms, authorization: {credentials_file: %s}}"
              .formatted(server.url("/sd?x=1"), secret),
          directory);
      run.awaitAddresses("a:1", "b:2");
      assertThat(run.found().get("a:1"))
          .isEqualTo(Map.of("env", "x", "n", "1", "__meta_url", server.url("/sd?x=1").toString()));
      LocalServer.Seen seen = server.seen().getFirst();
      assertThat(seen.uri().toString()).isEqualTo("/sd?x=1");
      assertThat(seen.headers().getFirst("Authorization")).isEqualTo("Bearer geheim");
      assertThat(seen.headers().getFirst("X-Prometheus-Refresh-Interval-Seconds")).isEqualTo("0");
      assertThat(seen.headers().getFirst("User-Agent")).isEqualTo("Skopos/test");
      for (String bad : new String[] {"!", "{}", "[{\"targets\": 3}]", "[", "[{}]x"}) {
        answer.set(bad);
        run.await(() -> !run.problem().isEmpty());
        assertThat(run.addresses()).containsExactly("a:1", "b:2");
        answer.set("[{\"targets\":[\"a:1\",\"b:2\"]}]");
        run.await(() -> run.problem().isEmpty());
      }
      answer.set("[{\"targets\":[\"a:1\",\"b:2\",\"c:3\",\"d:4\"]}]");
      run.awaitProblem("found 4 targets, more than the limit scraping.max_discovered_targets of 3");
      assertThat(run.addresses()).containsExactly("a:1", "b:2");
      answer.set("[{\"targets\":[\"c:3\"]}, {\"targets\":[]}]");
      run.awaitAddresses("c:3");
    }
  }
}
