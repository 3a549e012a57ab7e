// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.List;

/** The role {@code pod}: one target per declared port of a container, or one per container. */
final class PodTargets {

  private PodTargets() {}

  /**
   * @param attached labels of the pod's node and namespace, where they are asked for
   */
  static List<TargetGroup> of(PodObject pod, Labels attached) {
    List<TargetGroup> groups = new ArrayList<>();
    if (pod.ip().isEmpty()) {
      return groups; // not scheduled yet
    }
    for (PodObject.Container container : pod.containers()) {
      LabelsBuilder common = new LabelsBuilder(pod.labels());
      ObjectLabels.addAll(common, attached);
      ObjectLabels.addAll(common, container.labels());
      common.set(ObjectLabels.PREFIX + "pod_container_init", Boolean.toString(container.init()));
      Labels labels = common.build();
      if (container.ports().isEmpty()) {
        String host = pod.ip().indexOf(':') >= 0 ? "[" + pod.ip() + "]" : pod.ip();
        groups.add(new TargetGroup(List.of(host), labels));
      }
      for (PodObject.Port port : container.ports()) {
        LabelsBuilder own = new LabelsBuilder(labels);
        port.addTo(own);
        groups.add(
            new TargetGroup(List.of(ObjectLabels.address(pod.ip(), port.number())), own.build()));
      }
    }
    return groups;
  }
}
