// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import io.skopos.ingest.discovery.LabelNames;
import io.skopos.ingest.json.JsonValue;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/**
 * What is kept of an Endpoints or EndpointSlice object.
 *
 * @param service name of the service it belongs to; empty for none
 * @param labels of the object
 */
record EndpointsObject(ObjectKey key, String service, Labels labels, List<Endpoint> endpoints) {

  /**
   * An address with a port.
   *
   * @param port 0 for none
   * @param node where it runs; empty when not said
   * @param pod the name of the pod behind it; empty for none
   */
  record Endpoint(String ip, long port, String protocol, String node, String pod, Labels labels) {}

  static EndpointsObject ofEndpoints(JsonValue object) {
    ObjectKey key = key(object);
    LabelsBuilder common = common(object, "endpoints");
    List<Endpoint> endpoints = new ArrayList<>();
    for (JsonValue subset : object.get("subsets").list()) {
      for (JsonValue port : subset.get("ports").list()) {
        subset
            .get("addresses")
            .list()
            .forEach(address -> endpoints.add(endpoint(address, port, true)));
        subset
            .get("notReadyAddresses")
            .list()
            .forEach(address -> endpoints.add(endpoint(address, port, false)));
      }
    }
    return new EndpointsObject(key, key.name(), common.build(), List.copyOf(endpoints));
  }

  private static Endpoint endpoint(JsonValue address, JsonValue port, boolean ready) {
    LabelsBuilder labels = new LabelsBuilder();
    BiConsumer<String, String> set =
        (name, value) -> ObjectLabels.set(labels, ObjectLabels.PREFIX + "endpoint_" + name, value);
    String protocol = protocol(port);
    set.accept("port_name", port.get("name").text());
    set.accept("port_protocol", protocol);
    set.accept("ready", Boolean.toString(ready));
    set.accept("address_target_kind", address.get("targetRef", "kind").text());
    set.accept("address_target_name", address.get("targetRef", "name").text());
    set.accept("node_name", address.get("nodeName").text());
    set.accept("hostname", address.get("hostname").text());
    return new Endpoint(
        address.get("ip").text(),
        port.get("port").number(0),
        protocol,
        address.get("nodeName").text(),
        pod(address),
        labels.build());
  }

  static EndpointsObject ofSlice(JsonValue object) {
    LabelsBuilder common = common(object, "endpointslice");
    ObjectLabels.set(
        common,
        ObjectLabels.PREFIX + "endpointslice_address_type",
        object.get("addressType").text());
    List<Endpoint> endpoints = new ArrayList<>();
    for (JsonValue endpoint : object.get("endpoints").list()) {
      for (JsonValue port : object.get("ports").list()) {
        for (JsonValue address : endpoint.get("addresses").list()) {
          endpoints.add(sliceEndpoint(endpoint, port, address.text()));
        }
      }
    }
    String service = object.get("metadata", "labels", "kubernetes.io/service-name").text();
    return new EndpointsObject(key(object), service, common.build(), List.copyOf(endpoints));
  }

  private static Endpoint sliceEndpoint(JsonValue endpoint, JsonValue port, String ip) {
    LabelsBuilder labels = new LabelsBuilder();
    BiConsumer<String, String> set =
        (name, value) ->
            ObjectLabels.set(labels, ObjectLabels.PREFIX + "endpointslice_" + name, value);
    String protocol = protocol(port);
    set.accept("port_name", port.get("name").text());
    set.accept("port_protocol", protocol);
    set.accept("port", port.get("port").text());
    set.accept("port_app_protocol", port.get("appProtocol").text());
    for (String condition : new String[] {"ready", "serving", "terminating"}) {
      set.accept("endpoint_conditions_" + condition, endpoint.get("conditions", condition).text());
    }
    set.accept("endpoint_hostname", endpoint.get("hostname").text());
    set.accept("endpoint_node_name", endpoint.get("nodeName").text());
    set.accept("endpoint_zone", endpoint.get("zone").text());
    set.accept("address_target_kind", endpoint.get("targetRef", "kind").text());
    set.accept("address_target_name", endpoint.get("targetRef", "name").text());
    endpoint
        .get("deprecatedTopology")
        .fields()
        .forEach((name, value) -> {
          String safe = LabelNames.sanitize(name);
          set.accept("endpoint_topology_" + safe, value.text());
          set.accept("endpoint_topology_present_" + safe, "true");
        });
    return new Endpoint(
        ip,
        port.get("port").number(0),
        protocol,
        endpoint.get("nodeName").text(),
        pod(endpoint),
        labels.build());
  }

  private static LabelsBuilder common(JsonValue object, String kind) {
    LabelsBuilder common = new LabelsBuilder();
    ObjectLabels.set(common, ObjectLabels.NAMESPACE, object.get("metadata", "namespace").text());
    ObjectLabels.add(common, object, kind);
    return common;
  }

  private static ObjectKey key(JsonValue object) {
    return new ObjectKey(
        object.get("metadata", "namespace").text(), object.get("metadata", "name").text());
  }

  private static String protocol(JsonValue port) {
    String protocol = port.get("protocol").text();
    return protocol.isEmpty() ? "TCP" : protocol;
  }

  private static String pod(JsonValue address) {
    JsonValue target = address.get("targetRef");
    return target.get("kind").text().equals("Pod") ? target.get("name").text() : "";
  }
}
