// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs;

import io.skopos.model.config.ByteSize;
import io.skopos.model.config.Setting;
import java.time.Duration;
import java.util.List;

/** What tenants may send and ask of log entries, and what is found out about entries. */
public record LogsConfig(
    @Setting(
            doc =
                "Bytes of lines and structured metadata a tenant may send in a second, on average."
                    + " Above it writes are answered 429. 0 is no limit.",
            defaultValue = "0",
            perTenant = true)
        ByteSize bytesPerSecond,
    @Setting(
            doc = "For how long a tenant may send at once what it did not send before.",
            defaultValue = "10s",
            perTenant = true)
        Duration burst,
    @Setting(
            doc = "Longest line; a longer one is refused with 400, the others are kept. 0: any.",
            defaultValue = "256KiB",
            perTenant = true)
        ByteSize maxLine,
    @Setting(
            doc = "Whether longer lines are cut to max_line instead of refused.",
            defaultValue = "false",
            perTenant = true)
        boolean truncateLines,
    @Setting(
            doc = "Labels a stream may have, service_name not counted. 0: any number.",
            defaultValue = "30",
            perTenant = true)
        int labelsPerStream,
    @Setting(
            doc = "Bytes the name of a stream's label may have. 0: any.",
            defaultValue = "1024",
            perTenant = true)
        int labelNameBytes,
    @Setting(
            doc = "Bytes the value of a stream's label may have. 0: any.",
            defaultValue = "2048",
            perTenant = true)
        int labelValueBytes,
    @Setting(
            doc =
                "Streams a tenant may write to within stream_window; entries of further ones are"
                    + " refused with 429. 0 is no limit.",
            defaultValue = "0",
            perTenant = true)
        long streams,
    @Setting(
            doc = "How long a stream counts after its last entry; at most twice that.",
            defaultValue = "1h",
            perTenant = true)
        Duration streamWindow,
    @Setting(
            doc = "Bytes an entry's structured metadata may have. 0: any.",
            defaultValue = "64KiB",
            perTenant = true)
        ByteSize maxMetadata,
    @Setting(
            doc = "Labels an entry's structured metadata may have. 0: any.",
            defaultValue = "128",
            perTenant = true)
        int metadataEntries,
    @Setting(
            doc =
                "How old an entry may be when it is written; older ones are refused with 400. 0 is"
                    + " no limit beside the retention.",
            defaultValue = "0s",
            perTenant = true)
        Duration maxAge,
    @Setting(
            doc =
                "Labels of a stream whose value becomes its service_name when it has none, the first"
                    + " there is; unknown_service when none is there. Empty: no service_name is"
                    + " added.",
            defaultValue =
                "[service, app, application, app_name, name, app_kubernetes_io_name, container,"
                    + " container_name, k8s_container_name, component, workload, job, k8s_job_name]",
            perTenant = true)
        List<String> discoverServiceName,
    @Setting(
            doc =
                "Whether entries get the structured metadata detected_level, from labels, metadata"
                    + " or the line.",
            defaultValue = "true",
            perTenant = true)
        boolean discoverLevel,
    @Setting(
            doc = "Names of labels, metadata and fields of a line that tell its level.",
            defaultValue =
                "[level, LEVEL, Level, log.level, severity, SEVERITY, Severity, SeverityText, lvl,"
                    + " LVL, Lvl, severity_text, Severity_Text, SEVERITY_TEXT]",
            perTenant = true)
        List<String> levelFields,
    @Setting(
            doc =
                "Attributes of OTLP resources that become labels of a stream, dots as underscores;"
                    + " the others become structured metadata.",
            defaultValue =
                "[service.name, service.namespace, service.instance.id, deployment.environment,"
                    + " deployment.environment.name, cloud.region, cloud.availability_zone,"
                    + " k8s.cluster.name, k8s.namespace.name, k8s.pod.name, k8s.container.name,"
                    + " container.name, k8s.replicaset.name, k8s.deployment.name,"
                    + " k8s.statefulset.name, k8s.daemonset.name, k8s.cronjob.name, k8s.job.name]",
            perTenant = true)
        List<String> otlpIndexAttributes,
    @Setting(
            doc = "Attributes of OTLP resources, scopes and records that are not kept.",
            defaultValue = "[]",
            perTenant = true)
        List<String> otlpDropAttributes,
    @Setting(
            doc = "Entries one query may ask for with limit; more is answered 400.",
            defaultValue = "5000",
            perTenant = true)
        int maxEntries,
    @Setting(
            doc =
                "Bytes of lines one query may look at, kept or not; more is answered 400. 0 is no"
                    + " limit.",
            defaultValue = "0",
            perTenant = true)
        ByteSize maxQueryBytes,
    @Setting(
            doc = "Tails a tenant may have open at once; the next is answered 429.",
            defaultValue = "10",
            perTenant = true)
        int maxTails,
    @Setting(doc = "Counters of lines as series for PromQL.", perTenant = true) Rates rates) {

  public static final LogsConfig DEFAULT =
      new LogsConfig(
          new ByteSize(0),
          Duration.ofSeconds(10),
          new ByteSize(256 << 10),
          false,
          30,
          1024,
          2048,
          0,
          Duration.ofHours(1),
          new ByteSize(64 << 10),
          128,
          Duration.ZERO,
          List.of(
              "service",
              "app",
              "application",
              "app_name",
              "name",
              "app_kubernetes_io_name",
              "container",
              "container_name",
              "k8s_container_name",
              "component",
              "workload",
              "job",
              "k8s_job_name"),
          true,
          List.of(
              "level",
              "LEVEL",
              "Level",
              "log.level",
              "severity",
              "SEVERITY",
              "Severity",
              "SeverityText",
              "lvl",
              "LVL",
              "Lvl",
              "severity_text",
              "Severity_Text",
              "SEVERITY_TEXT"),
          List.of(
              "service.name",
              "service.namespace",
              "service.instance.id",
              "deployment.environment",
              "deployment.environment.name",
              "cloud.region",
              "cloud.availability_zone",
              "k8s.cluster.name",
              "k8s.namespace.name",
              "k8s.pod.name",
              "k8s.container.name",
              "container.name",
              "k8s.replicaset.name",
              "k8s.deployment.name",
              "k8s.statefulset.name",
              "k8s.daemonset.name",
              "k8s.cronjob.name",
              "k8s.job.name"),
          List.of(),
          5000,
          new ByteSize(0),
          10,
          Rates.DEFAULT);

  public LogsConfig {
    discoverServiceName = List.copyOf(discoverServiceName);
    levelFields = List.copyOf(levelFields);
    otlpIndexAttributes = List.copyOf(otlpIndexAttributes);
    otlpDropAttributes = List.copyOf(otlpDropAttributes);
    if (maxEntries < 1 || maxTails < 0 || !burst.isPositive() || !streamWindow.isPositive()) {
      throw new IllegalArgumentException(
          "logs.max_entries, logs.burst and logs.stream_window must be positive");
    }
  }

  /**
   * Counters of a tenant's lines, {@code skopos_log_lines_total} and {@code
   * skopos_log_bytes_total}.
   */
  public record Rates(
      @Setting(
              doc =
                  "Whether lines and their bytes are counted as skopos_log_lines_total and"
                      + " skopos_log_bytes_total, in the tenant whose lines they are.",
              defaultValue = "true",
              perTenant = true)
          boolean enabled,
      @Setting(
              doc =
                  "Labels of streams that the counters have, beside level. Other ones begin at zero.",
              defaultValue = "[service_name]",
              perTenant = true)
          List<String> labels,
      @Setting(doc = "How often the counters are written.", defaultValue = "15s") Duration interval,
      @Setting(
              doc =
                  "Counters a tenant may have of lines, and as many of bytes, at most 1000; lines"
                      + " beyond are counted together, with the labels' values (others).",
              defaultValue = "500",
              perTenant = true)
          int maxSeries) {

    public static final Rates DEFAULT =
        new Rates(true, List.of("service_name"), Duration.ofSeconds(15), 500);

    private static final int MAX_LABELS = 10;
    private static final int MAX_SERIES = 1000;

    public Rates {
      labels = labels.stream().sorted().distinct().toList();
      for (String label : labels) {
        if (!isName(label) || label.equals("level") || label.startsWith("__")) {
          throw new IllegalArgumentException(
              "logs.rates.labels: '"
                  + label
                  + "' cannot be there; names of letters, digits and _ can, not level, which is"
                  + " always there, and none that begins with __");
        }
      }
      if (labels.size() > MAX_LABELS) {
        throw new IllegalArgumentException("logs.rates.labels may be at most " + MAX_LABELS);
      }
      if (maxSeries < 1 || maxSeries > MAX_SERIES) {
        throw new IllegalArgumentException("logs.rates.max_series must be 1 to " + MAX_SERIES);
      }
      if (interval.toMillis() < 1000) {
        throw new IllegalArgumentException("logs.rates.interval must be at least 1s");
      }
    }

    private static boolean isName(String text) {
      for (int i = 0; i < text.length(); i++) {
        char c = text.charAt(i);
        boolean letter = c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c == '_';
        if (!letter && (i == 0 || c < '0' || c > '9')) {
          return false;
        }
      }
      return !text.isEmpty();
    }
  }
}
