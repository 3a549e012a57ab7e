// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.json.JsonValue;
import io.skopos.model.LabelsBuilder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The role {@code ingress}: one target per path of each rule, for probing from outside. */
final class IngressTargets {

  private IngressTargets() {}

  static List<TargetGroup> of(JsonValue ingress) {
    LabelsBuilder common = new LabelsBuilder();
    ObjectLabels.set(common, ObjectLabels.NAMESPACE, ingress.get("metadata", "namespace").text());
    ObjectLabels.add(common, ingress, "ingress");
    set(common, "class_name", ingress.get("spec", "ingressClassName").text());
    Set<String> secure = new HashSet<>();
    for (JsonValue tls : ingress.get("spec", "tls").list()) {
      tls.get("hosts").list().forEach(host -> secure.add(host.text()));
    }
    List<TargetGroup> groups = new ArrayList<>();
    for (JsonValue rule : ingress.get("spec", "rules").list()) {
      String given = rule.get("host").text();
      String host = given.isEmpty() ? "*" : given;
      for (String path : paths(rule)) {
        LabelsBuilder labels = new LabelsBuilder(common.build());
        set(labels, "scheme", isSecure(host, secure) ? "https" : "http");
        set(labels, "host", host);
        set(labels, "path", path);
        groups.add(new TargetGroup(List.of(host), labels.build()));
      }
    }
    return groups;
  }

  private static List<String> paths(JsonValue rule) {
    List<String> paths = new ArrayList<>();
    for (JsonValue path : rule.get("http", "paths").list()) {
      String text = path.get("path").text();
      paths.add(text.isEmpty() ? "/" : text);
    }
    return paths.isEmpty() ? List.of("/") : paths;
  }

  /** A certificate of {@code *.example.com} covers one more label. */
  private static boolean isSecure(String host, Set<String> secure) {
    int dot = host.indexOf('.');
    return secure.contains(host) || (dot > 0 && secure.contains("*" + host.substring(dot)));
  }

  private static void set(LabelsBuilder labels, String name, String value) {
    ObjectLabels.set(labels, ObjectLabels.PREFIX + "ingress_" + name, value);
  }
}
