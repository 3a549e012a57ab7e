// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConfigLoaderTest {

  @Test
  void anEmptyFileGivesTheDefaults() throws ConfigException {
    assertThat(load("").skopos()).isEqualTo(load("# nothing\n").skopos());
    assertThat(load("").skopos().web().listen()).containsExactly("127.0.0.1:4900");
    assertThat(load("").skopos().storage().shards()).isEqualTo(16);
    assertThat(load("").skopos().storage().orphanAge()).isEqualTo(Duration.ofHours(1));
  }

  @Test
  void ourSectionsAndPrometheusSectionsStandInOneFile() throws ConfigException {
    LoadedConfig config =
        load(
            """
            global: {scrape_interval: 5s}
            scrape_configs:
              - job_name: api
                static_configs: [{targets: ["127.0.0.1:80"]}]
            storage:
              retention: {time: 15d, size: 10GB}
              tsdb: {out_of_order_time_window: 30m}
            rule_files: [rules.yml]
            alerting: {alertmanagers: []}
            """);
    assertThat(config.skopos().storage().retention().time()).isEqualTo(Duration.ofDays(15));
    assertThat(config.skopos().storage().retention().size().bytes()).isEqualTo(10_000_000_000L);
    assertThat(config.prometheus().scrapeConfigs())
        .singleElement()
        .satisfies(scrape -> assertThat(scrape.jobName()).isEqualTo("api"));
    assertThat(config.notices())
        .satisfiesExactlyInAnyOrder(
            notice -> assertThat(notice).startsWith("test.yml:7: storage.tsdb"),
            notice -> assertThat(notice).contains("8", "rule_files", "not built yet"),
            notice -> assertThat(notice).contains("9", "alerting", "not built yet"));
  }

  @Test
  void unknownKeysAreRefusedWithTheNearestKnownOne() {
    assertThatThrownBy(() ->
            load(
                """
                storage:
                  retentoin: {time: 15d}
                  log:
                    segment_sise: 1MiB
                webb: {}
                """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("test.yml:2: storage.retentoin: unknown key; did you mean retention?")
        .hasMessageContaining(
            "test.yml:4: storage.log.segment_sise: unknown key; did you mean segment_size?")
        .hasMessageContaining("test.yml:5: webb: unknown key; did you mean web?");
  }

  @Test
  void badValuesAreNamedWithTheirLine() {
    assertThatThrownBy(() ->
            load(
                """
                storage:
                  shards: many
                  orphan_age: 5 parsecs
                  retention: 15d
                  log: {segment_size: 3 bananas, compression: perhaps}
                """))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("test.yml:2: storage.shards: 'many' is not a number")
        .hasMessageContaining("test.yml:3: storage.orphan_age: '5 parsecs' is not a duration")
        .hasMessageContaining("test.yml:4: storage.retention: must be a section with keys")
        .hasMessageContaining("test.yml:5: storage.log.segment_size: '3 bananas' is not a size")
        .hasMessageContaining(
            "test.yml:5: storage.log.compression: 'perhaps' is not true or false");
  }

  @Test
  void valuesThatCannotWorkAreRefusedBeforeAnythingStarts() {
    assertRefused("receivers: {tenant: a/b}", "receivers.tenant: tenant id 'a/b' has");
    assertRefused("receivers: {graphite_tcp: [here]}", "receivers.graphite_tcp: 'here' is not of");
    assertRefused("receivers: {graphite_udp: ['h:x']}", "receivers.graphite_udp: 'h:x' is not of");
    assertRefused("receivers: {opentsdb_tcp: ['h:65536']}", "receivers.opentsdb_tcp: 'h:65536' is");
    assertRefused("receivers: {max_connections: 0}", "receivers.max_connections must be at least");
    assertRefused("receivers: {max_line_bytes: 0}", "receivers.max_line_bytes must be from 1");
    assertRefused("receivers: {max_line_bytes: 16777217}", "receivers.max_line_bytes must be from");
    assertRefused("receivers: {idle_timeout: 0s}", "receivers.idle_timeout must be from 1ms to 1d");
    assertRefused("receivers: {idle_timeout: 30d}", "receivers.idle_timeout must be from 1ms to");
    assertRefused("receivers: {tls: {cert_file: a}}", "receivers.tls: tls needs both cert_file");
    assertRefused("push: {interval: 0s}", "push.interval must be at least 1s");
    assertRefused("push: {interval: '0'}", "push.interval must be at least 1s");
    assertRefused("push: {max_groups: 0}", "push.max_groups must be at least 1, not 0");
    assertRefused("push: {max_series_per_group: -1}", "push.max_series_per_group must be at least");
    assertRefused("self_monitoring: {tenant: ''}", "self_monitoring.tenant: tenant id is empty");
    assertRefused("host_metrics: {interval: 0s}", "host_metrics.interval must be at least 10ms");
    assertRefused(
        "storage: {retention: {interval: 0s}}", "storage.retention.interval must be at least 1ms");
    assertRefused(
        "storage: {compaction: {interval: 0s}}", "storage.compaction.interval must be at least");
    assertRefused("storage: {compaction: {threads: 0}}", "storage.compaction.threads must be at");
    assertThatThrownBy(() ->
            ConfigLoader.read(
                YamlText.parse("test.yml", ""), Path.of(""), Map.of("push.interval", "0s")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("--set: push: push.interval must be at least 1s");
  }

  private static void assertRefused(String yaml, String message) {
    assertThatThrownBy(() -> load(yaml))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("test.yml:1: ")
        .hasMessageContaining(message);
  }

  @Test
  void overridesWinAndAreChecked() throws ConfigException {
    LoadedConfig config =
        ConfigLoader.read(
            YamlText.parse("test.yml", "storage: {shards: 4}"),
            Path.of(""),
            Map.of("storage.shards", "8", "web.listen", "127.0.0.1:1, 127.0.0.1:2"));
    assertThat(config.skopos().storage().shards()).isEqualTo(8);
    assertThat(config.skopos().web().listen()).isEqualTo(List.of("127.0.0.1:1", "127.0.0.1:2"));
    assertThatThrownBy(() ->
            ConfigLoader.read(
                YamlText.parse("test.yml", ""), Path.of(""), Map.of("storage.shard", "8")))
        .hasMessage("--set: storage.shard: unknown key; did you mean storage.shards?");
    assertThatThrownBy(() ->
            ConfigLoader.read(
                YamlText.parse("test.yml", ""), Path.of(""), Map.of("storage.shards", "x")))
        .hasMessage("--set: storage.shards: 'x' is not a number");
  }

  @Test
  void whatIsNotYamlIsRefusedWithItsLine() {
    assertThatThrownBy(() -> load("web:\n  listen: [\n")).hasMessageContaining("test.yml:3");
    assertThatThrownBy(() -> load("- a\n- b\n")).hasMessageContaining("must be a mapping");
    assertThatThrownBy(() -> load("web: {}\nweb: {}\n"))
        .hasMessageContaining("the key 'web' stands there twice");
  }

  private static LoadedConfig load(String yaml) throws ConfigException {
    return ConfigLoader.read(YamlText.parse("test.yml", yaml), Path.of(""), Map.of());
  }
}
