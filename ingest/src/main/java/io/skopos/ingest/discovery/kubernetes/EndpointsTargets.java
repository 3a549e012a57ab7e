// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.discovery.kubernetes.EndpointsObject.Endpoint;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The roles {@code endpoints} and {@code endpointslice}: one target per endpoint, with the labels
 * of its service, pod and container; and one for each port that a pod behind the service declares
 * although the service does not lead there.
 *
 * @param attached labels of a namespace and node, where they are asked for
 */
record EndpointsTargets(
    Function<ObjectKey, @Nullable PodObject> pods,
    Function<ObjectKey, @Nullable Labels> services,
    Attached attached) {

  /** Labels of namespace and node. */
  interface Attached {
    Labels of(String namespace, String node);
  }

  List<TargetGroup> of(EndpointsObject object) {
    String namespace = object.key().namespace();
    LabelsBuilder builder = new LabelsBuilder(object.labels());
    Labels service = services.apply(new ObjectKey(namespace, object.service()));
    if (service != null) {
      ObjectLabels.addAll(builder, service);
    }
    Labels common = builder.build();
    List<TargetGroup> groups = new ArrayList<>();
    Map<PodObject, List<Long>> seen = new LinkedHashMap<>();
    for (Endpoint endpoint : object.endpoints()) {
      LabelsBuilder labels = new LabelsBuilder(common);
      ObjectLabels.addAll(labels, endpoint.labels());
      PodObject pod =
          endpoint.pod().isEmpty() ? null : pods.apply(new ObjectKey(namespace, endpoint.pod()));
      String node = endpoint.node().isEmpty() && pod != null ? pod.node() : endpoint.node();
      ObjectLabels.addAll(labels, attached.of(namespace, node));
      if (pod != null) {
        ObjectLabels.addAll(labels, pod.labels());
        addContainer(labels, pod, endpoint);
        seen.computeIfAbsent(pod, _ -> new ArrayList<>()).add(endpoint.port());
      }
      String address =
          endpoint.port() == 0
              ? endpoint.ip()
              : ObjectLabels.address(endpoint.ip(), endpoint.port());
      groups.add(new TargetGroup(List.of(address), labels.build()));
    }
    seen.forEach((pod, ports) -> addOtherPorts(groups, common, pod, ports, namespace));
    return groups;
  }

  private static void addContainer(LabelsBuilder labels, PodObject pod, Endpoint endpoint) {
    for (PodObject.Container container : pod.containers()) {
      for (PodObject.Port port : container.ports()) {
        if (port.number() == endpoint.port()
            && Objects.equals(port.protocol(), endpoint.protocol())) {
          ObjectLabels.addAll(labels, container.labels());
          labels.set(
              ObjectLabels.PREFIX + "pod_container_init", Boolean.toString(container.init()));
          port.addTo(labels);
          return;
        }
      }
    }
  }

  private void addOtherPorts(
      List<TargetGroup> groups, Labels common, PodObject pod, List<Long> led, String namespace) {
    if (pod.ip().isEmpty()) {
      return;
    }
    for (PodObject.Container container : pod.containers()) {
      for (PodObject.Port port : container.ports()) {
        if (led.contains(port.number())) {
          continue;
        }
        LabelsBuilder labels = new LabelsBuilder(common);
        ObjectLabels.addAll(labels, attached.of(namespace, pod.node()));
        ObjectLabels.addAll(labels, pod.labels());
        ObjectLabels.addAll(labels, container.labels());
        labels.set(ObjectLabels.PREFIX + "pod_container_init", Boolean.toString(container.init()));
        port.addTo(labels);
        groups.add(
            new TargetGroup(
                List.of(ObjectLabels.address(pod.ip(), port.number())), labels.build()));
      }
    }
  }
}
