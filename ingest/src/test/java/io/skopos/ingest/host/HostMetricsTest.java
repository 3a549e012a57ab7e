// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.metrics.exposition.ExpositionParser;
import io.skopos.metrics.exposition.ExpositionSink;
import io.skopos.metrics.exposition.LabelMapping;
import io.skopos.metrics.exposition.MetadataField;
import io.skopos.metrics.exposition.SeriesCache;
import io.skopos.metrics.exposition.StoredSeries;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.storage.Batch;
import io.skopos.storage.Deletion;
import io.skopos.storage.Intake;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostMetricsTest {

  private static final Path EXPORTER = Path.of("/usr/bin/prometheus-node-exporter");

  /** Families both must have, whatever the machine. */
  private static final List<String> ALWAYS =
      List.of(
          "node_cpu_seconds_total",
          "node_memory_MemTotal_bytes",
          "node_load1",
          "node_boot_time_seconds",
          "node_context_switches_total",
          "node_filesystem_size_bytes",
          "node_network_receive_bytes_total",
          "node_uname_info",
          "node_time_seconds",
          "node_vmstat_pgfault",
          "node_filefd_allocated",
          "node_sockstat_TCP_inuse",
          "node_procs_running");

  /** What our batch or an exposition holds, by family. */
  private static final class Families {
    final Map<String, Map<Labels, Double>> values = new TreeMap<>();
    final Map<String, MetricMetadata> metadata = new HashMap<>();

    void add(Labels labels, double value) {
      Labels own = labels.drop(List.of("__name__", "job", "instance"));
      values.computeIfAbsent(labels.getOrEmpty("__name__"), n -> new HashMap<>()).put(own, value);
    }
  }

  @Test
  void agreesWithTheRealNodeExporter() throws Exception {
    Assumptions.assumeTrue(
        Files.isExecutable(EXPORTER), EXPORTER + " is not installed: nothing to compare with");
    Families before = exporter();
    Families ours = ours(HostMetricsSettings.defaults());
    Families after = exporter();
    assertThat(ours.values.keySet()).containsAll(ALWAYS);
    Set<String> common = new TreeSet<>(ours.values.keySet());
    common.retainAll(before.values.keySet());
    common.removeIf(name -> name.startsWith("node_scrape_collector_"));
    assertThat(common).hasSizeGreaterThan(100).containsAll(ALWAYS);
    List<String> differences = new ArrayList<>();
    for (String name : common) {
      compare(name, before, ours, after, differences);
    }
    assertThat(differences).isEmpty();
    Set<String> invented = new TreeSet<>(ours.values.keySet());
    invented.removeAll(before.values.keySet());
    invented.removeIf(name -> !name.startsWith("node_"));
    // Newer exporters have these; the one installed may be older.
    invented.removeIf(name -> name.startsWith("node_netstat_TcpExt_TCP"));
    assertThat(invented).isEmpty();
  }

  private static void compare(
      String name, Families before, Families ours, Families after, List<String> differences) {
    MetricMetadata theirs = before.metadata.get(name);
    if (theirs != null && !theirs.equals(ours.metadata.get(name))) {
      differences.add(name + ": " + theirs + " but " + ours.metadata.get(name));
    }
    Map<Labels, Double> first = before.values.getOrDefault(name, Map.of());
    Map<Labels, Double> second = after.values.getOrDefault(name, Map.of());
    Map<Labels, Double> own = ours.values.getOrDefault(name, Map.of());
    for (Map.Entry<Labels, Double> entry : first.entrySet()) {
      Labels labels = entry.getKey();
      Double value = own.get(labels);
      Double later = second.get(labels);
      if (later == null) {
        continue;
      }
      if (value == null) {
        differences.add(name + labels + " is missing, there are " + own.keySet());
        continue;
      }
      double low = Math.min(entry.getValue(), later);
      double high = Math.max(entry.getValue(), later);
      double slack = 1e-6 + 1e-9 * Math.abs(high);
      if (theirs != null && theirs.type().equals("counter")) {
        // A counter moves one way between the exporter's two readings.
        if (value < low - slack || value > high + slack) {
          differences.add(name + labels + " " + value + " not in " + low + ".." + high);
        }
      } else if (!moves(name) && (value < low - slack || value > high + slack)) {
        differences.add(name + labels + " " + value + " not in " + low + ".." + high);
      }
    }
    // Filters of devices and mounts differ between the exporter's builds; label names do not.
    Set<String> names = new TreeSet<>();
    first.keySet().forEach(labels -> names.addAll(labels.toMap().keySet()));
    own.keySet().forEach(labels -> assertThat(names).as(name).containsAll(labels.toMap().keySet()));
  }

  /** Gauges that go up and down by themselves between two readings. */
  private static boolean moves(String name) {
    return name.startsWith("node_memory_")
        || name.startsWith("node_load")
        || name.startsWith("node_procs_")
        || name.startsWith("node_filesystem_")
        || name.startsWith("node_sockstat_")
        || name.startsWith("node_netstat_")
        || name.startsWith("node_vmstat_")
        || name.startsWith("node_filefd_")
        || name.startsWith("node_entropy_")
        || name.startsWith("node_nf_conntrack_")
        || name.equals("node_disk_io_now");
  }

  @Test
  void whatIsGoneGetsAStaleMarkerAndWhatFailsIsSaid(@TempDir Path root) throws Exception {
    Path proc = root.resolve("proc");
    Files.createDirectories(proc);
    Files.writeString(
        proc.resolve("stat"), "cpu  1 2 3 4 5 6 7 8 9 10\ncpu0 100 2 3 4 5 6 7 8 9 10\nbtime 77\n");
    Files.writeString(proc.resolve("meminfo"), "MemTotal: 10 kB\nHugePages_Total: 3\n");
    Files.writeString(proc.resolve("vmstat"), "pgfault 7\nnr_free_pages 9\n");
    HostMetrics metrics =
        new HostMetrics(
            new HostMetricsSettings(
                true,
                Duration.ofSeconds(1),
                "n",
                "me",
                proc.toString(),
                root + "/sys",
                root.toString()),
            new TenantId("acme"),
            new RefusingIntake(),
            InstantSource.system(),
            new PrometheusRegistry());
    SampleBatch batch = new SampleBatch();
    metrics.read(batch, 1000);
    Map<String, Double> first = byText(batch);
    assertThat(first)
        .containsEntry(
            "{__name__=\"node_cpu_seconds_total\", cpu=\"0\", instance=\"me\", job=\"n\", mode=\"user\"}",
            1.0)
        .containsEntry(
            "{__name__=\"node_memory_MemTotal_bytes\", instance=\"me\", job=\"n\"}", 10240.0)
        .containsEntry(
            "{__name__=\"node_memory_HugePages_Total\", instance=\"me\", job=\"n\"}", 3.0)
        .containsEntry("{__name__=\"node_vmstat_pgfault\", instance=\"me\", job=\"n\"}", 7.0)
        .containsEntry("{__name__=\"up\", instance=\"me\", job=\"n\"}", 1.0)
        .containsEntry(
            "{__name__=\"node_scrape_collector_success\", collector=\"diskstats\", instance=\"me\", job=\"n\"}",
            0.0);
    assertThat(batch.metadata())
        .extracting(SampleBatch.MetadataRow::metric)
        .contains("node_cpu_seconds_total");
    Files.writeString(proc.resolve("stat"), "btime 77\n");
    batch.clear();
    metrics.read(batch, 2000);
    assertThat(batch.metadata()).isEmpty();
    String gone =
        "{__name__=\"node_cpu_seconds_total\", cpu=\"0\", instance=\"me\", job=\"n\","
            + " mode=\"user\"}";
    assertThat(StaleMarker.is(byText(batch).getOrDefault(gone, 0.0))).isTrue();
    metrics.close();
  }

  private static Map<String, Double> byText(SampleBatch batch) {
    Map<String, Double> values = new HashMap<>();
    for (int i = 0; i < batch.seriesCount(); i++) {
      values.put(batch.labels(i).toString(), batch.value(batch.sampleStart(i)));
    }
    return values;
  }

  private static Families ours(HostMetricsSettings settings) {
    HostMetrics metrics =
        new HostMetrics(
            settings,
            new TenantId("acme"),
            new RefusingIntake(),
            InstantSource.system(),
            new PrometheusRegistry());
    SampleBatch batch = new SampleBatch();
    metrics.read(batch, System.currentTimeMillis());
    metrics.close();
    Families families = new Families();
    for (int i = 0; i < batch.seriesCount(); i++) {
      families.add(batch.labels(i), batch.value(batch.sampleStart(i)));
    }
    batch.metadata().forEach(row -> families.metadata.put(row.metric(), row.metadata()));
    return families;
  }

  /** Starts the real exporter, reads it once, stops it. */
  private static Families exporter() throws Exception {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    Process process =
        new ProcessBuilder(
                EXPORTER.toString(),
                "--web.listen-address=127.0.0.1:" + port,
                "--collector.netdev.device-exclude=^$")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.to(new File("/dev/null")))
            .start();
    try {
      return parse(fetch(URI.create("http://127.0.0.1:" + port + "/metrics")));
    } finally {
      process.destroy();
      process.waitFor(10, TimeUnit.SECONDS);
    }
  }

  private static byte[] fetch(URI uri) throws Exception {
    try (HttpClient client = HttpClient.newHttpClient()) {
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
      while (true) {
        try {
          return client
              .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofByteArray())
              .body();
        } catch (IOException e) {
          assertThat(System.nanoTime()).as("the exporter did not come up").isLessThan(deadline);
          TimeUnit.MILLISECONDS.sleep(20);
        }
      }
    }
  }

  private static Families parse(byte[] body) throws Exception {
    Families families = new Families();
    Map<String, String> types = new HashMap<>();
    Map<String, String> help = new HashMap<>();
    ExpositionParser.lax(ExpositionFormat.TEXT)
        .parse(
            body,
            0,
            body.length,
            new SeriesCache(LabelMapping.IDENTITY, 100_000),
            new ExpositionSink() {
              @Override
              public void histogram(
                  StoredSeries series, NativeHistogram histogram, long timeMs, long startMs) {
                throw new AssertionError("text has no native histograms");
              }

              @Override
              public void sample(StoredSeries series, double value, long timeMs, long startMs) {
                families.add(series.labels(), value);
              }

              @Override
              public void metadata(MetadataField field, String family, String text) {
                (field == MetadataField.TYPE ? types : help).put(family, text);
              }
            });
    types.forEach((family, type) ->
        families.metadata.put(family, new MetricMetadata(type, help.getOrDefault(family, ""), "")));
    return families;
  }

  private static final class RefusingIntake implements Intake {
    @Override
    public CompletableFuture<Void> append(TenantId tenant, Batch batch) {
      throw new AssertionError("the test reads without appending");
    }

    @Override
    public CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion) {
      throw new AssertionError("nothing is deleted");
    }
  }
}
