// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.config;

import io.skopos.ingest.collect.stage.Stages;
import io.skopos.ingest.collect.tail.FileJob;
import io.skopos.ingest.collect.tail.Glob;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.relabel.Relabelling;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Makes files to follow of a job's targets, as Promtail does: relabelling gives {@code __path__},
 * labels that begin with two underscores go, and a target with {@code __host__} is for the host of
 * that name. A Docker container without a path is followed where Docker keeps its file.
 */
public final class FileTargets {

  private static final String DOCKER_ID = "__meta_docker_container_id";

  /**
   * A target that is not followed.
   *
   * @param labels before relabelling
   */
  public record Dropped(Labels labels, String reason) {}

  /** What a job comes to. */
  public record Found(List<FileJob> files, List<Dropped> dropped) {}

  private FileTargets() {}

  /**
   * @param groups of the job's discoveries
   * @param hostname of this host
   */
  public static Found of(CollectJob job, List<TargetGroup> groups, String hostname) {
    Relabelling relabelling = new Relabelling(job.relabelRules());
    Map<String, FileJob> files = new LinkedHashMap<>();
    List<Dropped> dropped = new ArrayList<>();
    List<TargetGroup> all = new ArrayList<>(job.groups());
    all.addAll(groups);
    for (TargetGroup group : all) {
      for (String target : group.targets()) {
        LabelsBuilder builder = new LabelsBuilder(group.labels());
        builder.set("__address__", target);
        Labels before = builder.build();
        Labels after = relabelling.apply(before);
        if (after == null) {
          dropped.add(new Dropped(before, "dropped by relabelling"));
          continue;
        }
        String host = after.getOrEmpty("__host__");
        if (!host.isEmpty() && !host.equals(hostname)) {
          dropped.add(new Dropped(before, "of another host, " + host));
          continue;
        }
        String path = after.getOrEmpty("__path__");
        Stages stages = job.stages();
        String id = after.getOrEmpty(DOCKER_ID);
        if (path.isEmpty() && !id.isEmpty()) {
          path = "/var/lib/docker/containers/" + id + "/" + id + "-json.log";
          if (stages.container() == Stages.Container.NONE) {
            stages = new Stages(stages.factories(), Stages.Container.DOCKER, true);
          }
        }
        if (path.isEmpty()) {
          dropped.add(new Dropped(before, "no label __path__ says which files"));
          continue;
        }
        try {
          FileJob file = fileJob(job, path, after, stages);
          files.putIfAbsent(path, file);
        } catch (IllegalArgumentException e) {
          dropped.add(new Dropped(before, String.valueOf(e.getMessage())));
        }
      }
    }
    return new Found(List.copyOf(files.values()), dropped);
  }

  private static FileJob fileJob(CollectJob job, String path, Labels after, Stages stages) {
    LabelsBuilder kept = new LabelsBuilder();
    for (Label label : after) {
      if (!label.name().startsWith("__")) {
        kept.set(label.name(), label.value());
      }
    }
    String exclude = after.getOrEmpty("__path_exclude__");
    return new FileJob(
        job.name(),
        new Glob(path),
        exclude.isEmpty() ? null : new Glob(exclude),
        kept.build(),
        stages,
        job.encoding(),
        job.packed(),
        job.packedDelay().toMillis(),
        job.recognizeTimes(),
        job.pathLabels(),
        job.hostLogs(),
        job.maxAge().toMillis());
  }
}
