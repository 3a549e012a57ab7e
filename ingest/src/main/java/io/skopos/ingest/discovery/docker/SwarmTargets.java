// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.docker;

import io.skopos.ingest.discovery.DiscoveryFailure;
import io.skopos.ingest.discovery.LabelNames;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.json.JsonValue;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Nodes, services or tasks of a swarm as targets. */
final class SwarmTargets {

  private static final String PREFIX = "__meta_dockerswarm_";

  private final SwarmDiscoverySettings settings;
  private final DockerHost daemon;

  SwarmTargets(SwarmDiscoverySettings settings, DockerHost daemon) {
    this.settings = settings;
    this.daemon = daemon;
  }

  List<TargetGroup> find() throws DiscoveryFailure, InterruptedException {
    return switch (settings.role()) {
      case NODES -> nodes();
      case SERVICES -> services();
      case TASKS -> tasks();
    };
  }

  private List<TargetGroup> nodes() throws DiscoveryFailure, InterruptedException {
    List<TargetGroup> groups = new ArrayList<>();
    for (JsonValue node : daemon.get("/nodes", settings.filters()).list()) {
      String address = node.get("Status", "Addr").text();
      groups.add(
          new TargetGroup(
              List.of(ContainerTargets.address(address, settings.port())), nodeLabels(node)));
    }
    return groups;
  }

  private static Labels nodeLabels(JsonValue node) {
    LabelsBuilder labels = new LabelsBuilder();
    set(labels, "node_id", node.get("ID").text());
    set(labels, "node_role", node.get("Spec", "Role").text());
    set(labels, "node_availability", node.get("Spec", "Availability").text());
    JsonValue description = node.get("Description");
    set(labels, "node_platform_architecture", description.get("Platform", "Architecture").text());
    set(labels, "node_platform_os", description.get("Platform", "OS").text());
    set(labels, "node_engine_version", description.get("Engine", "EngineVersion").text());
    set(labels, "node_hostname", description.get("Hostname").text());
    set(labels, "node_status", node.get("Status", "State").text());
    set(labels, "node_address", node.get("Status", "Addr").text());
    JsonValue manager = node.get("ManagerStatus");
    if (manager.isObject()) {
      set(labels, "node_manager_leader", Boolean.toString(manager.get("Leader").isTrue()));
      set(labels, "node_manager_reachability", manager.get("Reachability").text());
      set(labels, "node_manager_address", manager.get("Addr").text());
    }
    setAll(labels, "node_label_", node.get("Spec", "Labels"));
    return labels.build();
  }

  private List<TargetGroup> services() throws DiscoveryFailure, InterruptedException {
    Map<String, Labels> networks = networks();
    List<TargetGroup> groups = new ArrayList<>();
    for (JsonValue service : daemon.get("/services", settings.filters()).list()) {
      LabelsBuilder labels = new LabelsBuilder(serviceLabels(service));
      JsonValue container = service.get("Spec", "TaskTemplate", "ContainerSpec");
      set(labels, "service_task_container_image", container.get("Image").text());
      set(labels, "service_task_container_hostname", container.get("Hostname").text());
      set(labels, "service_updating_status", service.get("UpdateStatus", "State").text());
      Labels common = labels.build();
      for (JsonValue virtual : service.get("Endpoint", "VirtualIPs").list()) {
        Labels network = networks.getOrDefault(virtual.get("NetworkID").text(), Labels.EMPTY);
        String ip = ip(virtual.get("Addr").text());
        if (!ip.isEmpty()) {
          addPorts(groups, with(common, network), ip, service, "service_endpoint_port_");
        }
      }
    }
    return groups;
  }

  private static Labels serviceLabels(JsonValue service) {
    LabelsBuilder labels = new LabelsBuilder();
    set(labels, "service_id", service.get("ID").text());
    set(labels, "service_name", service.get("Spec", "Name").text());
    service
        .get("Spec", "Mode")
        .fields()
        .keySet()
        .forEach(mode -> set(labels, "service_mode", mode(mode)));
    setAll(labels, "service_label_", service.get("Spec", "Labels"));
    return labels.build();
  }

  /** {@code ReplicatedJob} is shown as {@code replicated-job}. */
  private static String mode(String key) {
    return key.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
  }

  private void addPorts(
      List<TargetGroup> groups, Labels common, String ip, JsonValue service, String prefix) {
    boolean any = false;
    for (JsonValue port : service.get("Endpoint", "Ports").list()) {
      if (!port.get("Protocol").text().equals("tcp")) {
        continue;
      }
      any = true;
      LabelsBuilder labels = new LabelsBuilder(common);
      if (settings.role() == SwarmDiscoverySettings.Role.SERVICES) {
        set(labels, prefix + "name", port.get("Name").text());
      }
      set(labels, prefix + "publish_mode", port.get("PublishMode").text());
      groups.add(
          new TargetGroup(
              List.of(ContainerTargets.address(ip, port.get("PublishedPort").number(0))),
              labels.build()));
    }
    if (!any) {
      groups.add(new TargetGroup(List.of(ContainerTargets.address(ip, settings.port())), common));
    }
  }

  private List<TargetGroup> tasks() throws DiscoveryFailure, InterruptedException {
    Map<String, Labels> networks = networks();
    Map<String, JsonValue> services = byId("/services");
    Map<String, JsonValue> nodes = byId("/nodes");
    List<TargetGroup> groups = new ArrayList<>();
    for (JsonValue task : daemon.get("/tasks", settings.filters()).list()) {
      JsonValue service = services.getOrDefault(task.get("ServiceID").text(), JsonValue.MISSING);
      JsonValue node = nodes.getOrDefault(task.get("NodeID").text(), JsonValue.MISSING);
      Labels common = with(with(taskLabels(task), serviceLabels(service)), nodeLabels(node));
      for (JsonValue port : task.get("Status", "PortStatus", "Ports").list()) {
        if (port.get("Protocol").text().equals("tcp")) {
          LabelsBuilder labels = new LabelsBuilder(common);
          set(labels, "task_port_publish_mode", port.get("PublishMode").text());
          String address = node.get("Status", "Addr").text();
          groups.add(
              new TargetGroup(
                  List.of(ContainerTargets.address(address, port.get("PublishedPort").number(0))),
                  labels.build()));
        }
      }
      for (JsonValue attachment : task.get("NetworksAttachments").list()) {
        Labels network =
            networks.getOrDefault(attachment.get("Network", "ID").text(), Labels.EMPTY);
        for (JsonValue address : attachment.get("Addresses").list()) {
          String ip = ip(address.text());
          if (!ip.isEmpty()) {
            addPorts(groups, with(common, network), ip, service, "task_port_");
          }
        }
      }
    }
    return groups;
  }

  private static Labels taskLabels(JsonValue task) {
    LabelsBuilder labels = new LabelsBuilder();
    set(labels, "task_id", task.get("ID").text());
    set(labels, "task_desired_state", task.get("DesiredState").text());
    set(labels, "task_state", task.get("Status", "State").text());
    set(labels, "task_slot", Long.toString(task.get("Slot").number(0)));
    set(labels, "task_container_id", task.get("Status", "ContainerStatus", "ContainerID").text());
    setAll(labels, "container_label_", task.get("Spec", "ContainerSpec", "Labels"));
    return labels.build();
  }

  private Map<String, JsonValue> byId(String path) throws DiscoveryFailure, InterruptedException {
    Map<String, JsonValue> byId = new HashMap<>();
    daemon.get(path, Map.of()).list().forEach(object -> byId.put(object.get("ID").text(), object));
    return byId;
  }

  private Map<String, Labels> networks() throws DiscoveryFailure, InterruptedException {
    Map<String, Labels> networks = new HashMap<>();
    for (JsonValue network : daemon.get("/networks", Map.of()).list()) {
      networks.put(network.get("Id").text(), ContainerTargets.networkLabels(network, PREFIX));
    }
    return networks;
  }

  /** Of an address with its prefix length. */
  private static String ip(String address) {
    int slash = address.indexOf('/');
    return slash < 0 ? address : address.substring(0, slash);
  }

  private static Labels with(Labels one, Labels other) {
    LabelsBuilder labels = new LabelsBuilder(one);
    for (Label label : other) {
      labels.set(label.name(), label.value());
    }
    return labels.build();
  }

  private static void setAll(LabelsBuilder labels, String prefix, JsonValue map) {
    map.fields()
        .forEach((name, value) -> set(labels, prefix + LabelNames.sanitize(name), value.text()));
  }

  private static void set(LabelsBuilder labels, String name, String value) {
    if (!value.isEmpty()) {
      labels.set(PREFIX + name, value);
    }
  }
}
