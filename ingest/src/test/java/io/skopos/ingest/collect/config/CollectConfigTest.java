// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.config;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.ingest.collect.stage.StageParser;
import io.skopos.ingest.collect.stage.Stages;
import io.skopos.ingest.collect.tail.FileJob;
import io.skopos.ingest.collect.tail.PackedFormat;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.model.Labels;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectConfigTest {

  @TempDir Path directory;

  private CollectConfig promtail(String yaml) throws Exception {
    Files.writeString(directory.resolve("promtail.yml"), yaml);
    return CollectConfig.parse(
        "skopos.yml",
        "",
        directory,
        List.of("promtail.yml"),
        new StageParser(InstantSource.system(), System::nanoTime));
  }

  @Test
  void aFileOfPromtailsIsTakenAsItIs() throws Exception {
    CollectConfig config =
        promtail(
            """
            server: {http_listen_port: 9080, grpc_listen_port: 0}
            positions: {filename: /var/lib/promtail/positions.yaml}
            clients: [{url: 'http://loki:3100/loki/api/v1/push'}]
            limits_config: {readline_rate_enabled: true}
            target_config: {sync_period: 10s}
            scrape_configs:
              - job_name: system
                static_configs:
                  - targets: [localhost]
                    labels: {job: varlogs, __path__: /var/log/*log, __path_exclude__: /var/log/boot.log}
                  - labels: {job: other, __path__: '/srv/{a,b}/**/*.log'}
              - job_name: packed
                decompression: {enabled: true, initial_delay: 10s, format: gz}
                encoding: UTF-16LE
                static_configs: [{targets: [localhost], labels: {__path__: '/srv/*.gz'}}]
              - job_name: journal
                journal: {max_age: 12h, path: /var/log/journal, json: false, labels: {job: systemd-journal}, matches: '_TRANSPORT=kernel PRIORITY=3'}
                relabel_configs: [{source_labels: ['__journal__systemd_unit'], target_label: unit}]
              - job_name: syslog
                syslog:
                  listen_address: 0.0.0.0:1514
                  listen_protocol: tcp
                  idle_timeout: 60s
                  label_structured_data: true
                  labels: {job: syslog}
                relabel_configs: [{source_labels: ['__syslog_message_hostname'], target_label: host}]
              - job_name: pods
                kubernetes_sd_configs: [{role: pod}]
                pipeline_stages: [{cri: {}}]
                relabel_configs:
                  - {source_labels: [__meta_kubernetes_pod_node_name], target_label: __host__}
                  - {action: labelmap, regex: __meta_kubernetes_pod_label_(.+)}
                  - {source_labels: [__meta_kubernetes_namespace], target_label: namespace}
                  - source_labels: [__meta_kubernetes_pod_uid, __meta_kubernetes_pod_container_name]
                    separator: /
                    replacement: /var/log/pods/*$1/*.log
                    target_label: __path__
              - job_name: containers
                docker_sd_configs: [{host: 'unix:///var/run/docker.sock', refresh_interval: 5s}]
                relabel_configs: [{source_labels: ['__meta_docker_container_name'], regex: '/(.*)', target_label: container}]
              - job_name: files
                file_sd_configs: [{files: ['/etc/promtail/targets/*.yml']}]
              - job_name: later
                kafka: {brokers: [b:9092], topics: [t]}
                pipeline_stages: [{metrics: {lines: {type: Counter}}}]
            """);
    assertThat(config.jobs().stream().map(CollectJob::name))
        .containsExactly(
            "system", "packed", "journal", "syslog", "pods", "containers", "files", "later");
    assertThat(config.notices()).hasSize(2).anyMatch(notice -> notice.contains("kafka"));
    assertThat(config.jobs().get(1).packed()).isEqualTo(PackedFormat.GZ);
    assertThat(config.jobs().get(1).packedDelay()).isEqualTo(Duration.ofSeconds(10));
    assertThat(requireNonNull(config.jobs().get(2).journal()).matches())
        .containsExactly("_TRANSPORT=kernel", "PRIORITY=3");
    assertThat(requireNonNull(config.jobs().get(3).syslog()).structuredData()).isTrue();

    List<FileJob> files = FileTargets.of(config.jobs().getFirst(), List.of(), "host").files();
    assertThat(files).hasSize(2);
    assertThat((Object) files.getFirst().labels()).isEqualTo(Labels.of("job", "varlogs"));
    assertThat(requireNonNull(files.getFirst().exclude()).matches(Path.of("/var/log/boot.log")))
        .isTrue();
    assertThat(files.get(1).pattern().matches(Path.of("/srv/b/x.log"))).isTrue();

    TargetGroup pod =
        new TargetGroup(
            List.of("10.0.0.1:80"),
            Labels.of(
                "__meta_kubernetes_pod_node_name", "host",
                "__meta_kubernetes_pod_label_app", "cart",
                "__meta_kubernetes_namespace", "shop",
                "__meta_kubernetes_pod_uid", "u-1",
                "__meta_kubernetes_pod_container_name", "web"));
    FileJob container =
        FileTargets.of(config.jobs().get(4), List.of(pod), "host").files().getFirst();
    assertThat(container.pattern().text()).isEqualTo("/var/log/pods/*u-1/web/*.log");
    assertThat((Object) container.labels())
        .isEqualTo(Labels.of("app", "cart", "namespace", "shop"));
    assertThat(FileTargets.of(config.jobs().get(4), List.of(pod), "elsewhere").dropped())
        .singleElement()
        .satisfies(one -> assertThat(one.reason()).contains("another host"));

    TargetGroup docker =
        new TargetGroup(
            List.of("172.17.0.2:80"),
            Labels.of("__meta_docker_container_id", "abc", "__meta_docker_container_name", "/web"));
    FileJob found =
        FileTargets.of(config.jobs().get(5), List.of(docker), "host").files().getFirst();
    assertThat(found.pattern().text()).isEqualTo("/var/lib/docker/containers/abc/abc-json.log");
    assertThat(found.stages().container()).isEqualTo(Stages.Container.DOCKER);
    assertThat((Object) found.labels()).isEqualTo(Labels.of("container", "web"));
  }

  @Test
  void ourOwnSectionHoldsTheSame() throws Exception {
    CollectConfig config =
        CollectConfig.parse(
            "skopos.yml",
            "collect: {enabled: true, scrape_configs: [{job_name: a, recognize_timestamps: false}]}",
            directory,
            List.of(),
            new StageParser(InstantSource.system(), System::nanoTime));
    assertThat(config.jobs()).singleElement().matches(job -> !job.recognizeTimes());
  }

  @Test
  void whatIsWrongIsNamed() {
    assertThatThrownBy(() -> promtail("scrape_configs: [{job_name: a, jornal: {}}]"))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("did you mean 'journal'");
    assertThatThrownBy(() ->
            promtail(
                "scrape_configs: [{job_name: a, decompression: {enabled: true, format: bz2}}]"))
        .hasMessageContaining("there are gz and z");
    assertThatThrownBy(() -> promtail("scrape_configs: [{job_name: a}, {job_name: a}]"))
        .hasMessageContaining("a second job has the job_name 'a'");
    assertThatThrownBy(
            () -> promtail("scrape_configs: [{job_name: a, syslog: {listen_address: nowhere}}]"))
        .hasMessageContaining("host:port");
    assertThatThrownBy(() -> promtail("scrape_configs: [{job_name: a, encoding: klingon}]"))
        .hasMessageContaining("klingon");
  }
}
