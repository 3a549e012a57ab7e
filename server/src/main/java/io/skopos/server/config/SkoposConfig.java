// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import io.skopos.ingest.collect.CollectSettings;
import io.skopos.ingest.host.HostMetricsSettings;
import io.skopos.ingest.intake.IntakeLimits;
import io.skopos.ingest.intake.ha.HaSettings;
import io.skopos.ingest.scrape.ScrapeSettings;
import io.skopos.logs.LogsConfig;
import io.skopos.metrics.api.QueryConfig;
import io.skopos.metrics.push.PushSettings;
import io.skopos.metrics.receive.ReceiverSettings;
import io.skopos.metrics.tsdb.bucket.ImportBucketConfig;
import io.skopos.model.config.Setting;
import io.skopos.server.self.SelfConfig;
import io.skopos.storage.StorageConfig;
import io.skopos.web.WebConfig;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;

/** All of our own sections of {@code skopos.yml}; Prometheus' sections stand beside them. */
public record SkoposConfig(
    @Setting(doc = "The HTTP server: addresses, TLS, access, bounds.") WebConfig web,
    @Setting(doc = "Where rows are kept: log, parts, merging, retention.") StorageConfig storage,
    @Setting(doc = "A bucket of Thanos or Mimir to read where it is.")
        ImportBucketConfig importBucket,
    @Setting(doc = "What queries may cost.") QueryConfig query,
    @Setting(doc = "What a tenant may send.") IntakeLimits intake,
    @Setting(doc = "Log entries: what a tenant may send and ask, and what is found out of them.")
        LogsConfig logs,
    @Setting(
            doc =
                "Logs that the server collects itself. Its scrape_configs are Promtail's:"
                    + " static_configs and discovery of files, journal and syslog, relabel_configs"
                    + " and pipeline_stages.")
        CollectSettings collect,
    @Setting(doc = "Replicas that send the same samples.") HaSettings ha,
    @Setting(doc = "Listeners for protocols that are not HTTP.") ReceiverSettings receivers,
    @Setting(doc = "Metrics of short jobs, pushed as to a Pushgateway.") PushSettings push,
    @Setting(doc = "Scraping, beside what Prometheus' own sections say.") ScrapeSettings scraping,
    @Setting(doc = "This host's own metrics, without an exporter.") HostMetricsSettings hostMetrics,
    @Setting(doc = "The server watching itself.") SelfConfig selfMonitoring) {

  /** The names of the sections where something differs that needs a restart. */
  public List<String> sectionsThatDiffer(SkoposConfig other) {
    List<String> differing = new ArrayList<>();
    differ("web", web, other.web, differing);
    differ("storage", storage, other.storage, differing);
    differ("import_bucket", importBucket, other.importBucket, differing);
    differ("query", query, other.query, differing);
    differ("intake", intake, other.intake, differing);
    differ("logs", logs, other.logs, differing);
    differ("collect", collect, other.collect, differing);
    differ("ha", ha, other.ha, differing);
    differ("receivers", receivers, other.receivers, differing);
    differ("push", push, other.push, differing);
    differ("scraping", scraping, other.scraping, differing);
    differ("host_metrics", hostMetrics, other.hostMetrics, differing);
    differ("self_monitoring", selfMonitoring, other.selfMonitoring, differing);
    return differing;
  }

  private static void differ(String name, Record one, Record other, List<String> differing) {
    if (needRestart(one, other)) {
      differing.add(name);
    }
  }

  /** What a tenant may have its own value of, holds at once. */
  private static boolean needRestart(Record one, Record other) {
    for (RecordComponent component : one.getClass().getRecordComponents()) {
      Setting setting = component.getAnnotation(Setting.class);
      Object value = RecordBinder.valueOf(component, one);
      Object otherValue = RecordBinder.valueOf(component, other);
      if (setting != null && RecordBinder.isSection(component)) {
        if (needRestart((Record) value, (Record) otherValue)) {
          return true;
        }
        continue;
      }
      boolean differs = !value.equals(otherValue);
      if (differs && (setting == null || !setting.perTenant())) {
        return true;
      }
    }
    return false;
  }
}
