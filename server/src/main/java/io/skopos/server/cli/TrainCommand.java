// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.server.ServerOptions;
import io.skopos.server.SkoposServer;
import io.skopos.server.config.ConfigLoader;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;

/**
 * Starts a server on an empty directory, makes it do its main work once and stops it, so that the
 * JVM can record for its start-up cache what a server loads. The launcher runs it once after a
 * build.
 */
@Command(name = "train", hidden = true, description = "Records the start-up cache.")
final class TrainCommand implements Callable<Integer> {

  private static final List<String> QUERIES =
      List.of(
          "up",
          "sum by (mode) (rate(node_cpu_seconds_total[1m]))",
          "histogram_quantile(0.9, sum by (le) (rate(x_bucket[5m])))",
          "topk(3, training_total) / on (instance) group_left count by (instance) (training_total)");

  @Override
  public Integer call() throws Exception {
    Path data = Files.createTempDirectory("skopos-train");
    try (SkoposServer server =
        SkoposServer.start(
            new ServerOptions(
                data,
                Map.of(),
                () -> ConfigLoader.load(null, Map.of("web.listen", "127.0.0.1:0"))))) {
      server.awaitReady();
      exercise("http://127.0.0.1:" + server.port());
    } finally {
      delete(data);
    }
    return 0;
  }

  private static void exercise(String url) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build()) {
      StringBuilder samples = new StringBuilder("# TYPE training_total counter\n");
      for (int i = 0; i < 200; i++) {
        samples
            .append("training_total{instance=\"i")
            .append(i)
            .append("\"} ")
            .append(i)
            .append('\n');
      }
      post(client, url + "/api/v1/import/prometheus", samples.toString());
      for (int round = 0; round < 3; round++) {
        for (String query : QUERIES) {
          String encoded = URLEncoder.encode(query, StandardCharsets.UTF_8);
          get(client, url + "/api/v1/query?query=" + encoded);
          long now = System.currentTimeMillis() / 1000;
          get(
              client,
              url
                  + "/api/v1/query_range?query="
                  + encoded
                  + "&start="
                  + (now - 600)
                  + "&end="
                  + now
                  + "&step=15");
        }
        get(client, url + "/api/v1/labels");
        get(client, url + "/metrics");
      }
      post(client, url + "/-/flush", "");
      get(client, url + "/api/v1/series?match[]=training_total".replace("[]", "%5B%5D"));
    }
  }

  private static void get(HttpClient client, String url) throws IOException, InterruptedException {
    client.send(
        HttpRequest.newBuilder(URI.create(url)).build(), HttpResponse.BodyHandlers.discarding());
  }

  private static void post(HttpClient client, String url, String body)
      throws IOException, InterruptedException {
    client.send(
        HttpRequest.newBuilder(URI.create(url))
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.discarding());
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    }
  }
}
