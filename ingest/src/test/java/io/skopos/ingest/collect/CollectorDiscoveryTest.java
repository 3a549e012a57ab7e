// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.collect.config.CollectConfig;
import io.skopos.ingest.collect.stage.StageParser;
import io.skopos.ingest.discovery.kubernetes.SimulatedApiServer;
import io.skopos.ingest.http.LocalServer;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.disk.RealDisk;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that Kubernetes' API and Docker's daemon tell of are collected, with the labels that
 * Promtail's usual rules make: from the API's answer to stored entries.
 */
class CollectorDiscoveryTest {

  @TempDir Path directory;

  private final StoredEntries stored = new StoredEntries();

  private Collector collector(String config) throws Exception {
    Collector collector =
        new Collector(
            new CollectSettings(
                true,
                List.of(),
                false,
                "/nowhere",
                Duration.ofDays(7),
                Duration.ofMillis(200),
                1000,
                100,
                ByteSize.parse("256KiB"),
                CollectSettings.LongLines.SPLIT,
                ByteSize.parse("16MiB")),
            new TenantId("tester"),
            stored,
            _ -> StoredEntries.PLAIN,
            new RealDisk(),
            directory.resolve("state"),
            InstantSource.system(),
            "test",
            Thread.ofPlatform().daemon().factory(),
            new PrometheusRegistry());
    collector.apply(
        CollectConfig.parse(
            "test",
            config,
            directory,
            List.of(),
            new StageParser(InstantSource.system(), System::nanoTime)));
    return collector;
  }

  private Path append(String path, String text) throws IOException {
    Path file = directory.resolve(path);
    Files.createDirectories(file.getParent());
    return Files.writeString(file, text, CREATE, APPEND);
  }

  private static String pod(String name, String node) {
    return """
    {"metadata":{"name":"%s","namespace":"shop","uid":"u-%s","labels":{"app":"%s"}},
     "spec":{"nodeName":"%s","containers":[
        {"name":"main","image":"shop:1","ports":[{"containerPort":80},{"containerPort":81}]},
        {"name":"proxy","image":"proxy:1"}]},
     "status":{"podIP":"10.0.0.1","phase":"Running",
       "containerStatuses":[{"name":"main","containerID":"containerd://abc"}]}}
    """
        .formatted(name, name, name, node);
  }

  @Test
  void linesOfPodsCarryWhatTheApiTellsOfThem() throws Exception {
    String here = InetAddress.getLocalHost().getHostName();
    append(
        "pods/shop_cart_u-cart/main/0.log",
        "2024-05-01T10:00:00.5Z stdout F first\n2024-05-01T10:00:01Z stderr F second\n");
    append("pods/shop_cart_u-cart/proxy/0.log", "2024-05-01T10:00:02Z stdout F of the proxy\n");
    append("pods/shop_far_u-far/main/0.log", "2024-05-01T10:00:03Z stdout F of another node\n");
    append("pods/shop_new_u-new/main/0.log", "2024-05-01T10:00:04Z stdout F of a new pod\n");
    try (SimulatedApiServer api = new SimulatedApiServer()) {
      api.put("/api/v1/pods", "cart", pod("cart", here));
      api.put("/api/v1/pods", "far", pod("far", "elsewhere"));
      String config =
          """
          collect:
            scrape_configs:
              - job_name: pods
                kubernetes_sd_configs: [{role: pod, api_server: '%s'}]
                pipeline_stages: [{cri: {}}]
                relabel_configs:
                  - {source_labels: [__meta_kubernetes_pod_node_name], target_label: __host__}
                  - {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
                  - {source_labels: [__meta_kubernetes_pod_label_app], target_label: app}
                  - {source_labels: [__meta_kubernetes_pod_container_name], target_label: container}
                  - source_labels: [__meta_kubernetes_pod_uid, __meta_kubernetes_pod_container_name]
                    separator: /
                    replacement: %s/pods/*$1/*.log
                    target_label: __path__
          """
              .formatted(api.url(), directory);
      try (Collector collector = collector(config)) {
        stored.await(3);
        api.put("/api/v1/pods", "new", pod("new", here));
        List<StoredEntries.Stored> all = stored.await(4);
        assertThat(all.getLast().line()).isEqualTo("of a new pod");
        StoredEntries.Stored first =
            all.stream().filter(one -> one.line().equals("first")).findFirst().orElseThrow();
        assertThat((Object) first.stream())
            .isEqualTo(
                Labels.of(
                    "app", "cart",
                    "namespace", "shop",
                    "container", "main",
                    "stream", "stdout",
                    "filename", directory.resolve("pods/shop_cart_u-cart/main/0.log").toString()));
        assertThat(first.timeNs())
            .isEqualTo(Instant.parse("2024-05-01T10:00:00.5Z").toEpochMilli() * 1_000_000L);
        assertThat(stored.lines())
            .containsExactlyInAnyOrder("first", "second", "of the proxy", "of a new pod");
        assertThat(collector.status().targets().dropped().toString()).contains("elsewhere");
        // The kubelet renames what it rotates.
        Path log = directory.resolve("pods/shop_cart_u-cart/main/0.log");
        append("pods/shop_cart_u-cart/main/0.log", "2024-05-01T11:00:00Z stdout F last\n");
        Files.move(log, log.resolveSibling("0.log.20240501-110000"));
        append("pods/shop_cart_u-cart/main/0.log", "2024-05-01T11:00:01Z stdout F rotated\n");
        stored.await(6);
        assertThat(stored.lines()).contains("last", "rotated");
        assertThat(stored.repeats()).isZero();
      }
    }
  }

  @Test
  void linesOfContainersCarryWhatTheDaemonTellsOfThem() throws Exception {
    String id = "c".repeat(64);
    append(
        "containers/" + id + "/" + id + "-json.log",
        """
        {"log":"begin of a ","stream":"stdout","time":"2024-05-01T10:00:00.1Z"}
        {"log":"whole line\\n","stream":"stdout","time":"2024-05-01T10:00:00.1Z"}
        {"log":"failed\\n","stream":"stderr","time":"2024-05-01T10:00:00.2Z"}
        """);
    String containers =
        """
        [{"Id":"%s","Names":["/web"],"Labels":{"com.docker.compose.service":"front"},
          "Ports":[{"PrivatePort":80,"Type":"tcp"},{"PrivatePort":81,"Type":"tcp"}],
          "HostConfig":{"NetworkMode":"front"},
          "NetworkSettings":{"Networks":{"front":{"NetworkID":"n1","IPAddress":"172.18.0.2"}}}}]
        """
            .formatted(id);
    try (LocalServer daemon =
        new LocalServer((seen, exchange) ->
            LocalServer.json(
                exchange,
                seen.uri().getPath().equals("/networks")
                    ? "[{\"Id\":\"n1\",\"Name\":\"front\"}]"
                    : containers))) {
      String config =
          """
          collect:
            scrape_configs:
              - job_name: docker
                docker_sd_configs: [{host: 'tcp://127.0.0.1:%d'}]
                pipeline_stages: [{docker: {}}]
                relabel_configs:
                  - {source_labels: [__meta_docker_container_name], regex: '/(.*)', target_label: container}
                  - source_labels: [__meta_docker_container_label_com_docker_compose_service]
                    target_label: service
                  - source_labels: [__meta_docker_container_id]
                    replacement: %s/containers/$1/$1-json.log
                    target_label: __path__
          """
              .formatted(daemon.port(), directory);
      try (Collector _ = collector(config)) {
        List<StoredEntries.Stored> all = stored.await(2);
        assertThat(stored.lines()).containsExactlyInAnyOrder("begin of a whole line", "failed");
        assertThat((Object) all.getFirst().stream())
            .isEqualTo(
                Labels.of(
                    "container", "web",
                    "service", "front",
                    "stream", "stdout",
                    "filename",
                        directory.resolve("containers/" + id + "/" + id + "-json.log").toString()));
      }
    }
  }
}
