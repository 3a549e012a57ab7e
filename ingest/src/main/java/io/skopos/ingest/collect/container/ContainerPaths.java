// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.container;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import java.util.Map;
import java.util.TreeMap;

/** What the paths of containers' files tell: namespace, pod and container, or a container's id. */
public final class ContainerPaths {

  private static final Pattern PODS =
      Pattern.compile(
          "/(?P<namespace>[^/_]+)_(?P<pod>[^/_]+)_(?P<uid>[^/_]+)/(?P<container>[^/]+)/[^/]+$");

  private static final Pattern CONTAINERS =
      Pattern.compile(
          "/containers/(?P<pod>[^/_]+)_(?P<namespace>[^/_]+)_(?P<container>.+)-[0-9a-f]{64}\\.log$");

  private static final Pattern DOCKER =
      Pattern.compile("/containers/(?P<id>[0-9a-f]{12})[0-9a-f]{52}/[^/]+$");

  private ContainerPaths() {}

  /** By label; empty when the path is none of a container. */
  public static Map<String, String> labels(String path) {
    Matcher kubernetes = PODS.matcher(path);
    if (!kubernetes.find()) {
      kubernetes = CONTAINERS.matcher(path);
      if (!kubernetes.find()) {
        Matcher docker = DOCKER.matcher(path);
        return docker.find() ? Map.of("container_id", docker.group("id")) : Map.of();
      }
    }
    Map<String, String> labels = new TreeMap<>();
    for (String name : new String[] {"namespace", "pod", "container"}) {
      labels.put(name, kubernetes.group(name));
    }
    return labels;
  }
}
