// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import io.skopos.ingest.discovery.LabelNames;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.json.JsonValue;
import io.skopos.model.LabelsBuilder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The role {@code node}: one target per node, its kubelet. */
final class NodeTargets {

  /** The best kind of address first. */
  private static final List<String> ADDRESSES =
      List.of("InternalIP", "InternalDNS", "ExternalIP", "ExternalDNS", "LegacyHostIP", "Hostname");

  private NodeTargets() {}

  static List<TargetGroup> of(JsonValue node) {
    Map<String, String> addresses = new LinkedHashMap<>();
    for (JsonValue address : node.get("status", "addresses").list()) {
      addresses.putIfAbsent(address.get("type").text(), address.get("address").text());
    }
    String host = ADDRESSES.stream().filter(addresses::containsKey).findFirst().orElse("");
    if (host.isEmpty()) {
      return List.of();
    }
    String name = node.get("metadata", "name").text();
    LabelsBuilder labels = new LabelsBuilder();
    labels.set("instance", name);
    ObjectLabels.add(labels, node, "node");
    ObjectLabels.set(
        labels, ObjectLabels.PREFIX + "node_provider_id", node.get("spec", "providerID").text());
    addresses.forEach((type, address) ->
        ObjectLabels.set(
            labels, ObjectLabels.PREFIX + "node_address_" + LabelNames.sanitize(type), address));
    long port = node.get("status", "daemonEndpoints", "kubeletEndpoint", "Port").number(0);
    return List.of(
        new TargetGroup(
            List.of(ObjectLabels.address(addresses.getOrDefault(host, ""), port)), labels.build()));
  }
}
