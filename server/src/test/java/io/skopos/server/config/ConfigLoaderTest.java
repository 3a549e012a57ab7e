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
