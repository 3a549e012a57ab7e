// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import io.skopos.ingest.json.JsonValue;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What is kept of a pod.
 *
 * @param labels its {@code __meta_kubernetes_*} labels, the namespace among them
 */
record PodObject(String ip, String node, Labels labels, List<Container> containers) {

  /** A container; {@code init} tells those that run before the others. */
  record Container(Labels labels, boolean init, List<Port> ports) {}

  /** A port a container declares. */
  record Port(String name, long number, String protocol) {

    /** The labels of a target at this port. */
    void addTo(LabelsBuilder labels) {
      ObjectLabels.set(labels, ObjectLabels.PREFIX + "pod_container_port_name", name);
      labels.set(ObjectLabels.PREFIX + "pod_container_port_number", Long.toString(number));
      ObjectLabels.set(labels, ObjectLabels.PREFIX + "pod_container_port_protocol", protocol);
    }
  }

  static PodObject of(JsonValue pod) {
    LabelsBuilder labels = new LabelsBuilder();
    String ip = pod.get("status", "podIP").text();
    String node = pod.get("spec", "nodeName").text();
    ObjectLabels.set(labels, ObjectLabels.NAMESPACE, pod.get("metadata", "namespace").text());
    ObjectLabels.add(labels, pod, "pod");
    set(labels, "ip", ip);
    set(labels, "ready", ready(pod));
    set(labels, "phase", pod.get("status", "phase").text());
    set(labels, "node_name", node);
    set(labels, "host_ip", pod.get("status", "hostIP").text());
    set(labels, "uid", pod.get("metadata", "uid").text());
    for (JsonValue owner : pod.get("metadata", "ownerReferences").list()) {
      if (owner.get("controller").isTrue()) {
        set(labels, "controller_kind", owner.get("kind").text());
        set(labels, "controller_name", owner.get("name").text());
      }
    }
    List<Container> containers = new ArrayList<>();
    addContainers(containers, pod, "containers", "containerStatuses", false);
    addContainers(containers, pod, "initContainers", "initContainerStatuses", true);
    return new PodObject(ip, node, labels.build(), List.copyOf(containers));
  }

  private static void set(LabelsBuilder labels, String name, String value) {
    ObjectLabels.set(labels, ObjectLabels.PREFIX + "pod_" + name, value);
  }

  private static String ready(JsonValue pod) {
    for (JsonValue condition : pod.get("status", "conditions").list()) {
      if (condition.get("type").text().equals("Ready")) {
        return condition.get("status").text().toLowerCase(Locale.ROOT);
      }
    }
    return "unknown";
  }

  private static void addContainers(
      List<Container> into, JsonValue pod, String key, String statusKey, boolean init) {
    Map<String, String> ids = new HashMap<>();
    for (JsonValue status : pod.get("status", statusKey).list()) {
      ids.put(status.get("name").text(), status.get("containerID").text());
    }
    for (JsonValue container : pod.get("spec", key).list()) {
      String name = container.get("name").text();
      LabelsBuilder labels = new LabelsBuilder();
      set(labels, "container_name", name);
      set(labels, "container_id", ids.getOrDefault(name, ""));
      set(labels, "container_image", container.get("image").text());
      List<Port> ports = new ArrayList<>();
      for (JsonValue port : container.get("ports").list()) {
        String protocol = port.get("protocol").text();
        ports.add(
            new Port(
                port.get("name").text(),
                port.get("containerPort").number(0),
                protocol.isEmpty() ? "TCP" : protocol));
      }
      into.add(new Container(labels.build(), init, List.copyOf(ports)));
    }
  }
}
