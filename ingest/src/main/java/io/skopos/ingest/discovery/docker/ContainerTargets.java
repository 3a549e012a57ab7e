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
import java.util.Map;
import java.util.TreeMap;

/** Running containers as targets, one for each TCP port in each of their networks. */
final class ContainerTargets {

  private static final String PREFIX = "__meta_docker_";

  private final DockerDiscoverySettings settings;
  private final DockerHost daemon;

  ContainerTargets(DockerDiscoverySettings settings, DockerHost daemon) {
    this.settings = settings;
    this.daemon = daemon;
  }

  List<TargetGroup> find() throws DiscoveryFailure, InterruptedException {
    JsonValue containers = daemon.get("/containers/json", settings.filters());
    Map<String, Labels> networks = new HashMap<>();
    for (JsonValue network : daemon.get("/networks", Map.of()).list()) {
      networks.put(network.get("Id").text(), networkLabels(network, PREFIX));
    }
    Map<String, JsonValue> byId = new HashMap<>();
    containers.list().forEach(container -> byId.put(container.get("Id").text(), container));
    List<TargetGroup> groups = new ArrayList<>();
    for (JsonValue container : containers.list()) {
      if (!container.get("Names").list().isEmpty()) {
        add(groups, container, networks, byId);
      }
    }
    return groups;
  }

  static Labels networkLabels(JsonValue network, String prefix) {
    LabelsBuilder labels = new LabelsBuilder();
    labels.set(prefix + "network_id", network.get("Id").text());
    labels.set(prefix + "network_name", network.get("Name").text());
    labels.set(prefix + "network_scope", network.get("Scope").text());
    labels.set(prefix + "network_internal", Boolean.toString(network.get("Internal").isTrue()));
    labels.set(prefix + "network_ingress", Boolean.toString(network.get("Ingress").isTrue()));
    network
        .get("Labels")
        .fields()
        .forEach((name, value) ->
            labels.set(prefix + "network_label_" + LabelNames.sanitize(name), value.text()));
    return labels.build();
  }

  private void add(
      List<TargetGroup> groups,
      JsonValue container,
      Map<String, Labels> networks,
      Map<String, JsonValue> byId) {
    String mode = container.get("HostConfig", "NetworkMode").text();
    LabelsBuilder common = new LabelsBuilder();
    common.set(PREFIX + "container_id", container.get("Id").text());
    common.set(PREFIX + "container_name", container.get("Names").list().getFirst().text());
    common.set(PREFIX + "container_network_mode", mode);
    container
        .get("Labels")
        .fields()
        .forEach((name, value) ->
            common.set(PREFIX + "container_label_" + LabelNames.sanitize(name), value.text()));
    Labels ofContainer = common.build();
    for (JsonValue network : networksOf(container, byId)) {
      String ip = network.get("IPAddress").text();
      Labels ofNetwork = networks.getOrDefault(network.get("NetworkID").text(), Labels.EMPTY);
      boolean any = false;
      for (JsonValue port : container.get("Ports").list()) {
        if (!port.get("Type").text().equals("tcp")) {
          continue;
        }
        any = true;
        LabelsBuilder labels = with(ofContainer, ofNetwork, ip);
        labels.set(PREFIX + "port_private", port.get("PrivatePort").text());
        if (port.get("PublicPort").number(0) > 0) {
          labels.set(PREFIX + "port_public", port.get("PublicPort").text());
          labels.set(PREFIX + "port_public_ip", port.get("IP").text());
        }
        groups.add(
            new TargetGroup(
                List.of(address(ip, port.get("PrivatePort").number(0))), labels.build()));
      }
      if (!any) {
        String address =
            mode.equals("host") ? settings.hostNetworkingHost() : address(ip, settings.port());
        groups.add(new TargetGroup(List.of(address), with(ofContainer, ofNetwork, ip).build()));
      }
    }
  }

  /** A container may live in the networks of another one, and that in those of a third. */
  private List<JsonValue> networksOf(JsonValue container, Map<String, JsonValue> byId) {
    JsonValue at = container;
    Map<String, JsonValue> found = at.get("NetworkSettings", "Networks").fields();
    for (int hops = 0; found.isEmpty() && hops < 16; hops++) {
      String mode = at.get("HostConfig", "NetworkMode").text();
      JsonValue other =
          mode.startsWith("container:") ? byId.get(mode.substring("container:".length())) : null;
      if (other == null) {
        break;
      }
      at = other;
      found = at.get("NetworkSettings", "Networks").fields();
    }
    List<JsonValue> sorted =
        new TreeMap<>(found).values().stream().filter(JsonValue::isObject).toList();
    return settings.matchFirstNetwork() && sorted.size() > 1 ? sorted.subList(0, 1) : sorted;
  }

  private static LabelsBuilder with(Labels container, Labels network, String ip) {
    LabelsBuilder labels = new LabelsBuilder(container);
    for (Label label : network) {
      labels.set(label.name(), label.value());
    }
    if (!ip.isEmpty()) {
      labels.set(PREFIX + "network_ip", ip);
    }
    return labels;
  }

  static String address(String ip, long port) {
    return (ip.indexOf(':') >= 0 ? "[" + ip + "]" : ip) + ":" + port;
  }
}
