// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.discovery.file.FileDiscoverySettings;
import io.skopos.ingest.http.HeaderSetting;
import io.skopos.ingest.http.HttpSettings;
import io.skopos.ingest.http.TlsSettings;
import io.skopos.ingest.relabel.RelabelAction;
import io.skopos.ingest.relabel.RelabelRule;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.model.Labels;
import io.skopos.model.config.PrometheusDuration;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrometheusConfigTest {

  private static final Path BASE = Path.of("/etc/prometheus");

  @Test
  void anEmptyFileIsAConfig() throws Exception {
    assertThat(parse("")).isEqualTo(PrometheusConfig.EMPTY);
    assertThat(parse("# nothing\n---\n")).isEqualTo(PrometheusConfig.EMPTY);
  }

  @Test
  void readsEveryKeyOfAScrapeConfig() throws Exception {
    PrometheusConfig config =
        parse(
            """
            global:
              scrape_interval: 15s
              scrape_timeout: 5s
              evaluation_interval: 30s
              external_labels: {region: eu, replica: 1}
              label_limit: 30
            scrape_configs:
            - job_name: node
              <<: {honor_labels: true, honor_timestamps: false}
              scrape_interval: 1m30s
              metrics_path: /m
              scheme: https
              params: {a: [x, y]}
              body_size_limit: 10MB
              sample_limit: 1000
              label_limit: 40
              target_limit: 5
              native_histogram_bucket_limit: 160
              native_histogram_min_bucket_factor: 1.1
              authorization: {type: Token, credentials_file: secret}
              tls_config: {ca_file: ca.pem, insecure_skip_verify: true}
              follow_redirects: false
              enable_http2: false
              http_headers: {X-Scope-OrgID: {values: [one]}}
              enable_compression: false
              static_configs:
              - targets: [a:1, b:2]
                labels: {env: prod}
              file_sd_configs:
              - files: [targets/*.yml, other.json]
                refresh_interval: 1m
              relabel_configs:
              - source_labels: [a, b]
                separator: '-'
                regex: (.+)
                target_label: c
                replacement: ${1}
              metric_relabel_configs:
              - {action: HashMod, source_labels: [a], modulus: 18446744073709551615, target_label: m}
            """);
    assertThat(config.global().externalLabels().toString())
        .isEqualTo(Labels.of("region", "eu", "replica", "1").toString());
    assertThat(config.global().evaluationInterval()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.notices()).isEmpty();
    ScrapeConfig node = config.scrapeConfigs().getFirst();
    assertThat(node.interval()).isEqualTo(Duration.ofSeconds(90));
    assertThat(node.timeout()).isEqualTo(Duration.ofSeconds(5));
    assertThat(node.honorLabels()).isTrue();
    assertThat(node.honorTimestamps()).isFalse();
    assertThat(node.compression()).isFalse();
    assertThat(node.scheme() + node.metricsPath()).isEqualTo("https/m");
    assertThat(node.params()).isEqualTo(Map.of("a", List.of("x", "y")));
    assertThat(node.limits()).isEqualTo(new ScrapeLimits(10 << 20, 1000, 40, 0, 0, 5, 160, 1.1));
    assertThat(node.http().followRedirects()).isFalse();
    assertThat(node.http().http2()).isFalse();
    assertThat(node.http().headers())
        .isEqualTo(
            Map.of("X-Scope-OrgID", new HeaderSetting(List.of("one"), List.of(), List.of())));
    assertThat(node.http().tls())
        .isEqualTo(
            new TlsSettings(
                TlsSettings.Pem.in(BASE.resolve("ca.pem")),
                TlsSettings.Pem.NONE,
                TlsSettings.Pem.NONE,
                "",
                true,
                "",
                ""));
    assertThat(node.http().authorization())
        .isEqualTo(new HttpSettings.Authorization("Token", "", null, "", BASE.resolve("secret")))
        .asString()
        .doesNotContain("secret");
    assertThat(node.staticGroups())
        .containsExactly(new TargetGroup(List.of("a:1", "b:2"), Labels.of("env", "prod")));
    assertThat(node.discoveries())
        .containsExactly(
            new FileDiscoverySettings(
                List.of(BASE.resolve("targets/*.yml"), BASE.resolve("other.json")),
                Duration.ofMinutes(1)));
    assertThat(node.relabelRules())
        .containsExactly(
            new RelabelRule(List.of("a", "b"), "-", "(.+)", 0, "c", "${1}", RelabelAction.REPLACE));
    assertThat(node.metricRelabelRules().getFirst().modulus()).isEqualTo(-1);
  }

  @Test
  void whatIsNotBuiltYetIsNamedAndNotRefused() throws Exception {
    PrometheusConfig config =
        parse(
            """
            rule_files: [rules.yml]
            alerting: {alertmanagers: [{static_configs: [{targets: [a]}]}]}
            remote_write: [{url: 'http://x'}]
            scrape_configs:
            - job_name: k8s
              vultr_sd_configs: [{api: x}]
              scrape_failure_log_file: x
            """);
    assertThat(config.scrapeConfigs()).hasSize(1);
    assertThat(config.notices())
        .containsExactly(
            "prometheus.yml, line 1: rule_files: not built yet: this setting is ignored",
            "prometheus.yml, line 2: alerting: not built yet: this setting is ignored",
            "prometheus.yml, line 3: remote_write: not built yet: this setting is ignored",
            "prometheus.yml, line 7: scrape_configs[0].scrape_failure_log_file: not built yet: this"
                + " setting is ignored",
            "prometheus.yml, line 6: scrape_configs[0].vultr_sd_configs: not built yet: this"
                + " setting is ignored");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{job_name: a, scrape_intervall: 1s}|line 2: scrape_configs[0].scrape_intervall: unknown"
            + " key 'scrape_intervall'; did you mean 'scrape_interval'?",
        "{scrape_interval: 1s}|line 2: scrape_configs[0]: job_name is missing",
        "{job_name: a, scrape_interval: 1x}|line 2: scrape_configs[0].scrape_interval: '1x' is not"
            + " a duration; write for example 15s, 1m30s or 2h",
        "{job_name: a, scrape_timeout: 2m}|line 2: scrape_configs[0]: scrape_timeout 2m is longer"
            + " than scrape_interval 1m",
        "{job_name: a, honor_labels: maybe}|line 2: scrape_configs[0].honor_labels: 'maybe' is"
            + " neither true nor false",
        "{job_name: a, sample_limit: -1}|line 2: scrape_configs[0].sample_limit: '-1' is negative",
        "{job_name: a, body_size_limit: 1XB}|line 2: scrape_configs[0].body_size_limit: '1XB' is"
            + " not a size; write for example 50MB",
        "{job_name: a, scheme: ftp}|line 2: scrape_configs[0]: the scheme 'ftp' is neither http nor"
            + " https",
        "{job_name: a, static_configs: {targets: [x]}}|line 2: scrape_configs[0].static_configs:"
            + " must be a list",
        "{job_name: a, static_configs: [{targets: ['http://x/y']}]}|line 2:"
            + " scrape_configs[0].static_configs[0]: 'http://x/y' is not an address; write"
            + " host:port, and the path as metrics_path",
        "{job_name: a, basic_auth: {username: x}, bearer_token: y}|line 2: scrape_configs[0]: at"
            + " most one of basic_auth, authorization and bearer_token(_file) can be set",
        "{job_name: a, relabel_configs: [{action: keeep}]}|line 2:"
            + " scrape_configs[0].relabel_configs[0].action: 'keeep' is no relabel action; there"
            + " are replace, keep, drop, keepequal, dropequal, hashmod, labelmap, labeldrop,"
            + " labelkeep, lowercase and uppercase",
        "{job_name: a, file_sd_configs: [{files: [x.txt]}]}|line 2:"
            + " scrape_configs[0].file_sd_configs[0].files[0]: 'x.txt' must end in .json, .yml or"
            + " .yaml, with a '*' in its last part at most",
        "{job_name: a, file_sd_configs: [{files: ['[x.yml']}]}|line 2:"
            + " scrape_configs[0].file_sd_configs[0].files[0]: '[x.yml' is not a pattern of file"
            + " names: Missing ']",
        "{job_name: a, tls_config: {cert_file: x}}|line 2: scrape_configs[0].tls_config: a"
            + " certificate (cert, cert_file) and its key (key, key_file) need each other",
      })
  void mistakesAreNamedWithTheirLine(String entry, String message) {
    assertThatThrownBy(() -> parse("scrape_configs:\n- " + entry + "\n"))
        .isInstanceOf(ConfigException.class)
        .hasMessage("prometheus.yml, " + message);
  }

  @Test
  void twoJobsOfOneNameAndBrokenYamlAreRefused() {
    assertThatThrownBy(() -> parse("scrape_configs: [{job_name: a}, {job_name: a}]"))
        .hasMessageContaining("a second scrape config has the job_name 'a'");
    assertThatThrownBy(() -> parse("global: [}"))
        .hasMessageStartingWith("prometheus.yml is not valid YAML: ");
    assertThatThrownBy(() -> parse("global: {scrape_interval: 1s, scrape_interval: 2s}"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("scrape_interval");
    assertThatThrownBy(() -> parse("[".repeat(100_000))).isInstanceOf(ConfigException.class);
  }

  @Test
  void scrapeConfigsMayStandInFilesOfTheirOwn(@TempDir Path directory) throws Exception {
    Files.writeString(directory.resolve("one.yml"), "scrape_configs: [{job_name: one}]");
    Path main = directory.resolve("prometheus.yml");
    Files.writeString(
        main, "scrape_config_files: ['*one.yml']\nscrape_configs: [{job_name: main}]");
    assertThat(PrometheusConfig.load(main).scrapeConfigs())
        .extracting(ScrapeConfig::jobName)
        .containsExactly("main", "one");
    assertThatThrownBy(() -> PrometheusConfig.load(directory.resolve("absent.yml")))
        .hasMessageContaining("cannot read");
  }

  @Test
  void theConfigThatDebianShipsIsReadWhole() throws Exception {
    Path shipped = Path.of("/etc/prometheus/prometheus.yml");
    Assumptions.assumeTrue(Files.isReadable(shipped), shipped + " is not here");
    PrometheusConfig config = PrometheusConfig.load(shipped);
    assertThat(config.scrapeConfigs())
        .extracting(ScrapeConfig::jobName)
        .containsExactly("prometheus", "node");
    assertThat(config.notices()).noneMatch(notice -> notice.contains("scrape_configs"));
  }

  @Test
  void durationsArePrintedAsPrometheusPrintsThem() {
    assertThat(PrometheusDuration.format(Duration.ofSeconds(90))).isEqualTo("1m30s");
    assertThat(PrometheusDuration.format(Duration.ofDays(7))).isEqualTo("1w");
    assertThat(PrometheusDuration.format(Duration.ofHours(25))).isEqualTo("1d1h");
    assertThat(PrometheusDuration.format(Duration.ZERO)).isEqualTo("0s");
    assertThat(PrometheusDuration.parse("1y2w3d4h5m6s7ms"))
        .isEqualTo(Duration.ofMillis(31_536_000_000L + 1_483_506_007L));
  }

  private static PrometheusConfig parse(String text) throws ConfigException {
    return PrometheusConfig.parse("prometheus.yml", text, BASE, java.util.Set.of());
  }
}
