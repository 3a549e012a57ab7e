// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** What becomes a target, and the kinds of objects it is read from. */
public enum KubernetesRole {
  NODE("/api/v1", "nodes"),
  POD("/api/v1", "pods"),
  SERVICE("/api/v1", "services"),
  ENDPOINTS("/api/v1", "endpoints"),
  ENDPOINTSLICE("/apis/discovery.k8s.io/v1", "endpointslices"),
  INGRESS("/apis/networking.k8s.io/v1", "ingresses");

  private final String api;
  private final String resource;

  KubernetesRole(String api, String resource) {
    this.api = api;
    this.resource = resource;
  }

  static KubernetesRole parse(String text) {
    for (KubernetesRole role : values()) {
      if (role.key().equals(text.toLowerCase(Locale.ROOT))) {
        return role;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is no role; there are "
            + Arrays.stream(values()).map(KubernetesRole::key).collect(Collectors.joining(", ")));
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The path of its list, of all namespaces when that is empty. */
  String path(String namespace) {
    return namespace.isEmpty()
        ? api + "/" + resource
        : api + "/namespaces/" + namespace + "/" + resource;
  }
}
