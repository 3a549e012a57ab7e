// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.consul;

import io.skopos.ingest.discovery.LabelNames;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.json.JsonValue;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.List;

/** Instances of a service as targets. */
final class ConsulTargets {

  private static final String PREFIX = "__meta_consul_";

  private ConsulTargets() {}

  static List<TargetGroup> of(
      JsonValue instances, String service, String separator, String datacenter) {
    List<TargetGroup> groups = new ArrayList<>();
    for (JsonValue instance : instances.list()) {
      groups.add(group(instance, service, separator, datacenter));
    }
    return groups;
  }

  private static TargetGroup group(
      JsonValue instance, String name, String separator, String ownDatacenter) {
    JsonValue node = instance.get("Node");
    JsonValue service = instance.get("Service");
    List<String> tags = service.get("Tags").list().stream().map(JsonValue::text).toList();
    String datacenter = node.get("Datacenter").text();
    LabelsBuilder labels = new LabelsBuilder();
    set(labels, "dc", datacenter.isEmpty() ? ownDatacenter : datacenter);
    set(labels, "service", name);
    set(labels, "address", node.get("Address").text());
    set(labels, "node", node.get("Node").text());
    // Separators at both ends, so that a rule can match a whole tag anywhere.
    set(labels, "tags", separator + String.join(separator, tags) + separator);
    set(labels, "namespace", service.get("Namespace").text());
    set(labels, "partition", service.get("Partition").text());
    set(labels, "service_address", service.get("Address").text());
    set(labels, "service_port", service.get("Port").text());
    set(labels, "service_id", service.get("ID").text());
    set(labels, "health", health(instance.get("Checks")));
    node.get("Meta")
        .fields()
        .forEach((key, value) -> set(labels, "metadata_" + LabelNames.sanitize(key), value.text()));
    service
        .get("Meta")
        .fields()
        .forEach((key, value) ->
            set(labels, "service_metadata_" + LabelNames.sanitize(key), value.text()));
    node.get("TaggedAddresses")
        .fields()
        .forEach((key, value) ->
            set(labels, "tagged_address_" + LabelNames.sanitize(key), value.text()));
    String own = service.get("Address").text();
    String host = own.isEmpty() ? node.get("Address").text() : own;
    String port = service.get("Port").text();
    String address = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    return new TargetGroup(List.of(address), labels.build());
  }

  private static void set(LabelsBuilder labels, String name, String value) {
    if (!value.isEmpty()) {
      labels.set(PREFIX + name, value);
    }
  }

  /** The worst of all checks; maintenance is worse than critical. */
  private static String health(JsonValue checks) {
    String worst = "passing";
    for (JsonValue check : checks.list()) {
      String id = check.get("CheckID").text();
      if (id.equals("_node_maintenance") || id.startsWith("_service_maintenance:")) {
        return "maintenance";
      }
      String status = check.get("Status").text();
      if (status.equals("critical") || (status.equals("warning") && worst.equals("passing"))) {
        worst = status;
      }
    }
    return worst;
  }
}
