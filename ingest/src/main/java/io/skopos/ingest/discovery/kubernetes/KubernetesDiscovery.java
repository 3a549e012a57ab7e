// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import io.skopos.ingest.discovery.DiscoveredTargets;
import io.skopos.ingest.discovery.Discovery;
import io.skopos.ingest.discovery.DiscoveryContext;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpClient;
import io.skopos.ingest.json.JsonValue;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Targets in a cluster: watches on the objects of a role and on those its labels come from, and a
 * thread that makes target groups of them after changes. Nothing is told before every watch has
 * listed once, so that a start does not show half a cluster.
 */
final class KubernetesDiscovery implements Discovery {

  private static final Logger log = LoggerFactory.getLogger(KubernetesDiscovery.class);

  private static final long GATHER_MS = 100;

  private final KubernetesDiscoverySettings settings;
  private final DiscoveryContext context;
  private final DiscoveredTargets targets;
  private final HttpClient client;
  private final URI server;
  private final Set<String> namespaces;
  private final Semaphore changes = new Semaphore(0);
  private final List<ObjectWatch<?>> watches = new ArrayList<>();
  private final List<ObjectWatch<List<TargetGroup>>> whole = new ArrayList<>();
  private final List<ObjectWatch<PodObject>> pods = new ArrayList<>();
  private final List<ObjectWatch<EndpointsObject>> endpoints = new ArrayList<>();
  private final List<ObjectWatch<Labels>> services = new ArrayList<>();
  private final List<ObjectWatch<Labels>> nodes = new ArrayList<>();
  private final List<ObjectWatch<Labels>> namespaceObjects = new ArrayList<>();
  private final Thread thread;

  KubernetesDiscovery(
      KubernetesDiscoverySettings settings, DiscoveryContext context, DiscoveredTargets targets)
      throws FetchFailure {
    this(settings, context, targets, System.getenv(), ClusterAccess.SERVICE_ACCOUNT);
  }

  KubernetesDiscovery(
      KubernetesDiscoverySettings settings,
      DiscoveryContext context,
      DiscoveredTargets targets,
      Map<String, String> environment,
      Path serviceAccount)
      throws FetchFailure {
    this.settings = settings;
    this.context = context;
    this.targets = targets;
    ClusterAccess access = ClusterAccess.of(settings, environment, serviceAccount);
    this.server = access.server();
    this.client = new HttpClient(access.http(), context.http(), context.userAgent());
    this.namespaces = namespaces(serviceAccount);
    addWatches();
    this.thread = context.waiting().newThread(this::run);
    watches.forEach(ObjectWatch::start);
    thread.start();
  }

  private Set<String> namespaces(Path serviceAccount) throws FetchFailure {
    Set<String> names = new LinkedHashSet<>(settings.namespaces());
    if (settings.ownNamespace()) {
      Path file = serviceAccount.resolve("namespace");
      try {
        names.add(Files.readString(file).strip());
      } catch (IOException e) {
        throw new FetchFailure("own_namespace is set and '" + file + "' cannot be read", e);
      }
    }
    return names.isEmpty() ? Set.of("") : names;
  }

  private void addWatches() {
    switch (settings.role()) {
      case NODE -> whole.add(watch(KubernetesRole.NODE, "", NodeTargets::of));
      case SERVICE -> inEach(whole, KubernetesRole.SERVICE, ServiceTargets::of);
      case INGRESS -> inEach(whole, KubernetesRole.INGRESS, IngressTargets::of);
      case POD -> inEach(pods, KubernetesRole.POD, PodObject::of);
      case ENDPOINTS -> {
        inEach(endpoints, KubernetesRole.ENDPOINTS, EndpointsObject::ofEndpoints);
        inEach(services, KubernetesRole.SERVICE, ServiceTargets::labels);
        inEach(pods, KubernetesRole.POD, PodObject::of);
      }
      case ENDPOINTSLICE -> {
        inEach(endpoints, KubernetesRole.ENDPOINTSLICE, EndpointsObject::ofSlice);
        inEach(services, KubernetesRole.SERVICE, ServiceTargets::labels);
        inEach(pods, KubernetesRole.POD, PodObject::of);
      }
    }
    boolean withPods = !pods.isEmpty();
    if (withPods && settings.attachNode()) {
      nodes.add(watch(KubernetesRole.NODE, "", KubernetesDiscovery::nodeLabels));
    }
    if (settings.role() != KubernetesRole.NODE && settings.attachNamespace()) {
      URI url = at("/api/v1/namespaces");
      ObjectWatch<Labels> watch =
          new ObjectWatch<>(
              client,
              url,
              null,
              KubernetesDiscovery::namespaceLabels,
              new Listener(),
              context.waiting());
      namespaceObjects.add(watch);
      watches.add(watch);
    }
  }

  private <T> void inEach(
      List<ObjectWatch<T>> into, KubernetesRole role, Function<JsonValue, T> keep) {
    for (String namespace : namespaces) {
      into.add(watch(role, namespace, keep));
    }
  }

  private <T> ObjectWatch<T> watch(
      KubernetesRole role, String namespace, Function<JsonValue, T> keep) {
    ObjectWatch<T> watch =
        new ObjectWatch<>(
            client,
            at(role.path(namespace)),
            settings.selectors().get(role),
            keep,
            new Listener(),
            context.waiting());
    watches.add(watch);
    return watch;
  }

  private URI at(String path) {
    String base = server.toString();
    return URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path);
  }

  private static Labels nodeLabels(JsonValue node) {
    LabelsBuilder labels = new LabelsBuilder();
    ObjectLabels.add(labels, node, "node");
    return labels.build();
  }

  private static Labels namespaceLabels(JsonValue namespace) {
    LabelsBuilder labels = new LabelsBuilder();
    ObjectLabels.addMaps(labels, namespace.get("metadata"), "namespace");
    return labels.build();
  }

  private final class Listener implements ObjectWatch.WatchListener {

    @Override
    public void changed() {
      changes.release();
    }

    @Override
    public void works(URI url) {
      targets.works(url.toString());
    }

    @Override
    public void failed(URI url, String problem) {
      targets.failed(url.toString(), problem);
    }
  }

  private void run() {
    long restMs = GATHER_MS;
    try {
      while (true) {
        changes.acquire();
        TimeUnit.MILLISECONDS.sleep(restMs);
        changes.drainPermits();
        if (!watches.stream().allMatch(ObjectWatch::isComplete)) {
          continue;
        }
        long begun = System.nanoTime();
        update();
        long tookMs = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begun);
        restMs = Math.clamp(10 * tookMs, GATHER_MS, 5000);
      }
    } catch (InterruptedException e) {
      log.trace("a discovery was closed", e);
    }
  }

  private void update() {
    try {
      targets.replaceAll(groups());
    } catch (RuntimeException e) {
      log.error("a discovery failed by a defect of ours", e);
      targets.failed("a defect of the discovery: " + e);
    }
  }

  private Map<String, List<TargetGroup>> groups() {
    Map<String, List<TargetGroup>> groups = new TreeMap<>();
    Map<ObjectKey, Labels> ofNodes = all(nodes);
    Map<ObjectKey, Labels> ofNamespaces = all(namespaceObjects);
    EndpointsTargets.Attached attached =
        (namespace, node) -> attached(ofNamespaces, namespace, ofNodes, node);
    all(whole)
        .forEach((key, list) -> groups.put(key.toString(), withNamespace(list, key, attached)));
    Map<ObjectKey, PodObject> allPods = all(pods);
    if (settings.role() == KubernetesRole.POD) {
      allPods.forEach((key, pod) ->
          groups.put(key.toString(), PodTargets.of(pod, attached.of(key.namespace(), pod.node()))));
    }
    Map<ObjectKey, Labels> allServices = all(services);
    EndpointsTargets maker = new EndpointsTargets(allPods::get, allServices::get, attached);
    all(endpoints).forEach((key, object) -> groups.put(key.toString(), maker.of(object)));
    return groups;
  }

  private static List<TargetGroup> withNamespace(
      List<TargetGroup> groups, ObjectKey key, EndpointsTargets.Attached attached) {
    Labels more = attached.of(key.namespace(), "");
    if (more.isEmpty()) {
      return groups;
    }
    List<TargetGroup> all = new ArrayList<>();
    for (TargetGroup group : groups) {
      LabelsBuilder labels = new LabelsBuilder(group.labels());
      ObjectLabels.addAll(labels, more);
      all.add(new TargetGroup(group.targets(), labels.build()));
    }
    return all;
  }

  private static Labels attached(
      Map<ObjectKey, Labels> namespaces,
      String namespace,
      Map<ObjectKey, Labels> nodes,
      String node) {
    LabelsBuilder labels = new LabelsBuilder();
    @Nullable Labels ofNamespace = namespaces.get(new ObjectKey("", namespace));
    @Nullable Labels ofNode = nodes.get(new ObjectKey("", node));
    if (ofNamespace != null) {
      ObjectLabels.addAll(labels, ofNamespace);
    }
    if (ofNode != null) {
      ObjectLabels.addAll(labels, ofNode);
    }
    return labels.build();
  }

  private static <T> Map<ObjectKey, T> all(List<ObjectWatch<T>> watches) {
    Map<ObjectKey, T> all = new HashMap<>();
    watches.forEach(watch -> all.putAll(watch.objects()));
    return all;
  }

  @Override
  public void close() {
    watches.forEach(ObjectWatch::close);
    thread.interrupt();
    client.close();
  }
}
