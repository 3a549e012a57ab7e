// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import io.skopos.ingest.discovery.LabelNames;
import io.skopos.ingest.json.JsonValue;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;

/** The {@code __meta_kubernetes_*} labels that objects have by their metadata. */
final class ObjectLabels {

  static final String PREFIX = "__meta_kubernetes_";
  static final String NAMESPACE = PREFIX + "namespace";

  private ObjectLabels() {}

  /** Name, labels and annotations of an object of that kind. */
  static void add(LabelsBuilder into, JsonValue object, String kind) {
    JsonValue metadata = object.get("metadata");
    set(into, PREFIX + kind + "_name", metadata.get("name").text());
    addMaps(into, metadata, kind);
  }

  static void addMaps(LabelsBuilder into, JsonValue metadata, String kind) {
    metadata
        .get("labels")
        .fields()
        .forEach((name, value) -> {
          String safe = LabelNames.sanitize(name);
          set(into, PREFIX + kind + "_label_" + safe, value.text());
          into.set(PREFIX + kind + "_labelpresent_" + safe, "true");
        });
    metadata
        .get("annotations")
        .fields()
        .forEach((name, value) -> {
          String safe = LabelNames.sanitize(name);
          set(into, PREFIX + kind + "_annotation_" + safe, value.text());
          into.set(PREFIX + kind + "_annotationpresent_" + safe, "true");
        });
  }

  static void addAll(LabelsBuilder into, Labels labels) {
    for (Label label : labels) {
      into.set(label.name(), label.value());
    }
  }

  /** An empty value is no label. */
  static void set(LabelsBuilder into, String name, String value) {
    if (!value.isEmpty()) {
      into.set(name, value);
    }
  }

  static String address(String host, long port) {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }
}
