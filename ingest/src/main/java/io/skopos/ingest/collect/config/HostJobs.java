// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.config;

import io.skopos.ingest.collect.stage.Stages;
import io.skopos.ingest.collect.tail.TextEncoding;
import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.discovery.docker.DockerDiscoverySettings;
import io.skopos.ingest.http.HttpSettings;
import io.skopos.ingest.relabel.RelabelAction;
import io.skopos.ingest.relabel.RelabelRule;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The jobs that hold where nothing is configured: the log files of this host. */
public final class HostJobs {

  private static final Path DOCKER_SOCKET = Path.of("/var/run/docker.sock");
  private static final Path DOCKER_FILES = Path.of("/var/lib/docker/containers");

  private HostJobs() {}

  /**
   * @param logs directory of the host's log files
   * @param maxAge of files, when they are first seen
   */
  public static List<CollectJob> of(Path logs, String hostname, Duration maxAge) {
    List<CollectJob> jobs = new ArrayList<>();
    if (!Files.isDirectory(logs)) {
      return jobs;
    }
    jobs.add(
        job(
            "varlogs",
            files(
                logs + "/**",
                logs + "/{pods,containers,journal}/**",
                Labels.of("job", "varlogs", "host", hostname)),
            List.of(),
            List.of(),
            Stages.NONE,
            true,
            maxAge));
    Stages cri = new Stages(List.of(), Stages.Container.CRI, true);
    jobs.add(
        job(
            "pods",
            files(logs + "/pods/*/*/*.log", "", Labels.of("job", "pods", "host", hostname)),
            List.of(),
            List.of(),
            cri,
            false,
            Duration.ZERO));
    Stages docker = new Stages(List.of(), Stages.Container.DOCKER, true);
    if (Files.isReadable(DOCKER_SOCKET) && Files.isReadable(DOCKER_FILES)) {
      DiscoverySettings containers =
          new DockerDiscoverySettings(
              URI.create("unix://" + DOCKER_SOCKET),
              80,
              Map.of(),
              "localhost",
              true,
              Duration.ofSeconds(30),
              HttpSettings.DEFAULT);
      jobs.add(
          job(
              "docker",
              List.of(),
              List.of(containers),
              List.of(
                  replace("__meta_docker_container_name", "/?(.*)", "container", "$1"),
                  replace("__address__", ".*", "job", "docker"),
                  replace("__address__", ".*", "host", hostname.replace("$", "$$"))),
              docker,
              false,
              Duration.ZERO));
    } else if (Files.isReadable(DOCKER_FILES)) {
      jobs.add(
          job(
              "docker",
              files(
                  DOCKER_FILES + "/*/*-json.log", "", Labels.of("job", "docker", "host", hostname)),
              List.of(),
              List.of(),
              docker,
              false,
              Duration.ZERO));
    }
    return jobs;
  }

  private static RelabelRule replace(String source, String regex, String target, String by) {
    return new RelabelRule(List.of(source), ";", regex, 0, target, by, RelabelAction.REPLACE);
  }

  private static List<TargetGroup> files(String pattern, String exclude, Labels labels) {
    return List.of(
        new TargetGroup(
            List.of("localhost"),
            new LabelsBuilder(labels)
                .set("__path__", pattern)
                .set("__path_exclude__", exclude)
                .build()));
  }

  private static CollectJob job(
      String name,
      List<TargetGroup> groups,
      List<DiscoverySettings> discoveries,
      List<RelabelRule> rules,
      Stages stages,
      boolean hostLogs,
      Duration maxAge) {
    return new CollectJob(
        name,
        groups,
        discoveries,
        rules,
        stages,
        TextEncoding.UTF_8,
        null,
        Duration.ZERO,
        !stages.givesTime(),
        true,
        hostLogs,
        maxAge,
        null,
        null);
  }
}
