// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.json.JsonValue;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.List;

/** The role {@code service}: one target per port, at the service's name. */
final class ServiceTargets {

  private ServiceTargets() {}

  /** The labels that endpoints of a service get, too. */
  static Labels labels(JsonValue service) {
    LabelsBuilder labels = new LabelsBuilder();
    ObjectLabels.set(labels, ObjectLabels.NAMESPACE, service.get("metadata", "namespace").text());
    ObjectLabels.add(labels, service, "service");
    return labels.build();
  }

  static List<TargetGroup> of(JsonValue service) {
    Labels common = labels(service);
    JsonValue spec = service.get("spec");
    String type = spec.get("type").text().isEmpty() ? "ClusterIP" : spec.get("type").text();
    String host =
        service.get("metadata", "name").text()
            + "."
            + service.get("metadata", "namespace").text()
            + ".svc";
    List<TargetGroup> groups = new ArrayList<>();
    for (JsonValue port : spec.get("ports").list()) {
      LabelsBuilder labels = new LabelsBuilder(common);
      String protocol = port.get("protocol").text();
      set(labels, "port_name", port.get("name").text());
      set(labels, "port_number", port.get("port").text());
      set(labels, "port_protocol", protocol.isEmpty() ? "TCP" : protocol);
      set(labels, "type", type);
      if (type.equals("ExternalName")) {
        set(labels, "external_name", spec.get("externalName").text());
      } else {
        set(labels, "cluster_ip", spec.get("clusterIP").text());
      }
      if (type.equals("LoadBalancer")) {
        set(labels, "loadbalancer_ip", spec.get("loadBalancerIP").text());
      }
      groups.add(
          new TargetGroup(
              List.of(ObjectLabels.address(host, port.get("port").number(0))), labels.build()));
    }
    return groups;
  }

  private static void set(LabelsBuilder labels, String name, String value) {
    ObjectLabels.set(labels, ObjectLabels.PREFIX + "service_" + name, value);
  }
}
