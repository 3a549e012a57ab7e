// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.ingest.discovery.DiscoveryRun;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.LocalServer;
import io.skopos.ingest.yaml.ConfigException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubernetesDiscoveryTest {

  private static final String PODS = "/api/v1/pods";
  private static final String NODES = "/api/v1/nodes";
  private static final String M = "__meta_kubernetes_";

  @TempDir Path directory;

  private SimulatedApiServer api;
  private DiscoveryRun run;

  @BeforeEach
  void start() throws Exception {
    api = new SimulatedApiServer();
    run = new DiscoveryRun();
  }

  @AfterEach
  void stop() {
    run.close();
    api.close();
  }

  private void discover(String yaml) throws Exception {
    run.start(
        KubernetesDiscoverySettings::parse,
        "{api_server: '%s', %s}".formatted(api.url(), yaml),
        directory);
  }

  private static String pod(String name, String ip, int port) {
    return """
    {"metadata":{"name":"%s","namespace":"shop","uid":"u-%s","labels":{"app.io/name":"%s"},
      "annotations":{"scrape":"true"},
      "ownerReferences":[{"controller":true,"kind":"ReplicaSet","name":"rs"}]},
     "spec":{"nodeName":"node1","containers":[{"name":"main","image":"shop:1","ports":[
        {"name":"web","containerPort":%d,"protocol":"TCP"},{"name":"dbg","containerPort":6060}]}],
       "initContainers":[{"name":"init","image":"init:1"}]},
     "status":{"podIP":"%s","hostIP":"10.9.9.9","phase":"Running",
       "conditions":[{"type":"Ready","status":"True"}],
       "containerStatuses":[{"name":"main","containerID":"containerd://abc"}]}}
    """
        .formatted(name, name, name, port, ip);
  }

  @Test
  void podsAreListedInPagesAndThenWatched() throws Exception {
    for (int i = 1; i <= 5; i++) {
      api.put(PODS, "p" + i, pod("p" + i, "10.0.0." + i, 8080));
    }
    api.put(PODS, "pending", pod("pending", "", 8080));
    discover("role: pod, authorization: {credentials: geheim}");
    run.await(() -> run.addresses().size() == 15);
    assertThat(api.lists).hasSize(3);
    assertThat(api.seen().getFirst().headers().getFirst("Authorization"))
        .isEqualTo("Bearer geheim");
    assertThat(run.found().get("10.0.0.1:8080"))
        .containsEntry(M + "namespace", "shop")
        .containsEntry(M + "pod_name", "p1")
        .containsEntry(M + "pod_ip", "10.0.0.1")
        .containsEntry(M + "pod_uid", "u-p1")
        .containsEntry(M + "pod_ready", "true")
        .containsEntry(M + "pod_phase", "Running")
        .containsEntry(M + "pod_node_name", "node1")
        .containsEntry(M + "pod_host_ip", "10.9.9.9")
        .containsEntry(M + "pod_controller_kind", "ReplicaSet")
        .containsEntry(M + "pod_controller_name", "rs")
        .containsEntry(M + "pod_label_app_io_name", "p1")
        .containsEntry(M + "pod_labelpresent_app_io_name", "true")
        .containsEntry(M + "pod_annotation_scrape", "true")
        .containsEntry(M + "pod_annotationpresent_scrape", "true")
        .containsEntry(M + "pod_container_name", "main")
        .containsEntry(M + "pod_container_id", "containerd://abc")
        .containsEntry(M + "pod_container_image", "shop:1")
        .containsEntry(M + "pod_container_init", "false")
        .containsEntry(M + "pod_container_port_name", "web")
        .containsEntry(M + "pod_container_port_number", "8080")
        .containsEntry(M + "pod_container_port_protocol", "TCP")
        .doesNotContainKey("__meta_kubernetes_pod_container_missing");
    assertThat(run.found().get("10.0.0.1")).containsEntry(M + "pod_container_init", "true");
    run.await(() -> api.watchCount() == 1);
    api.put(PODS, "p6", pod("p6", "10.0.0.6", 8080));
    run.await(() -> run.addresses().contains("10.0.0.6:8080"));
    api.put(PODS, "p6", pod("p6", "10.0.0.6", 9090));
    run.await(() -> run.addresses().contains("10.0.0.6:9090"));
    assertThat(run.addresses()).doesNotContain("10.0.0.6:8080");
    api.remove(PODS, "p1");
    run.await(() -> !run.addresses().contains("10.0.0.1:8080"));
    assertThat(api.lists).hasSize(3);
  }

  @Test
  void aWatchGoesOnFromWhereItWasAndListsAnewWhenThatIsTooOld() throws Exception {
    api.put(PODS, "p1", pod("p1", "10.0.0.1", 8080));
    discover("role: pod");
    run.await(() -> run.addresses().contains("10.0.0.1:8080") && api.watchCount() == 1);
    api.bookmark(PODS);
    api.endWatches();
    run.await(() -> api.seen().size() >= 3 && api.watchCount() == 1);
    assertThat(api.lists).hasSize(1);
    assertThat(api.seen().getLast().uri().getQuery()).contains("resourceVersion=102");
    api.expire(PODS);
    run.await(() -> api.lists.size() == 2 && api.watchCount() == 1);
    api.put(PODS, "p2", pod("p2", "10.0.0.2", 8080));
    run.await(() -> run.addresses().contains("10.0.0.2:8080"));
    api.forgetsVersions = true;
    api.endWatches();
    run.await(() -> api.lists.size() > 3);
    api.forgetsVersions = false;
    run.await(() -> api.watchCount() == 1);
    assertThat(run.problem()).isEmpty();
  }

  @Test
  void anApiServerThatFailsTakesNoTargets() throws Exception {
    api.refusesWith = 403;
    discover("role: pod");
    run.awaitProblem("/api/v1/pods: server returned HTTP status 403: not today");
    assertThat(run.found()).isEmpty();
    api.put(PODS, "p1", pod("p1", "10.0.0.1", 8080));
    api.refusesWith = 0;
    run.await(() -> run.addresses().size() == 3 && run.problem().isEmpty());
    run.await(() -> api.watchCount() == 1);
    api.refusesWith = 500;
    api.endWatches();
    run.awaitProblem("500");
    assertThat(run.addresses()).hasSize(3);
  }

  @Test
  void nodesServicesAndIngresses() throws Exception {
    api.put(
        NODES,
        "n1",
        """
        {"metadata":{"name":"n1","labels":{"zone":"a"}},"spec":{"providerID":"cloud://1"},
         "status":{"daemonEndpoints":{"kubeletEndpoint":{"Port":10250}},"addresses":[
           {"type":"Hostname","address":"host1"},{"type":"InternalIP","address":"10.1.1.1"}]}}
        """);
    discover("role: node");
    run.awaitAddresses("10.1.1.1:10250");
    assertThat(run.found().get("10.1.1.1:10250"))
        .isEqualTo(
            Map.of(
                "instance",
                "n1",
                M + "node_name",
                "n1",
                M + "node_provider_id",
                "cloud://1",
                M + "node_label_zone",
                "a",
                M + "node_labelpresent_zone",
                "true",
                M + "node_address_Hostname",
                "host1",
                M + "node_address_InternalIP",
                "10.1.1.1"));
    try (DiscoveryRun services = new DiscoveryRun()) {
      api.put(
          "/api/v1/services",
          "web",
          """
          {"metadata":{"name":"web","namespace":"shop"},"spec":{"type":"LoadBalancer",
           "clusterIP":"10.96.0.1","loadBalancerIP":"1.2.3.4",
           "ports":[{"name":"http","port":80,"protocol":"TCP"}]}}
          """);
      services.start(
          KubernetesDiscoverySettings::parse,
          "{api_server: '%s', role: service}".formatted(api.url()),
          directory);
      services.awaitAddresses("web.shop.svc:80");
      assertThat(services.found().get("web.shop.svc:80"))
          .containsEntry(M + "service_name", "web")
          .containsEntry(M + "service_type", "LoadBalancer")
          .containsEntry(M + "service_cluster_ip", "10.96.0.1")
          .containsEntry(M + "service_loadbalancer_ip", "1.2.3.4")
          .containsEntry(M + "service_port_name", "http")
          .containsEntry(M + "service_port_number", "80")
          .containsEntry(M + "service_port_protocol", "TCP");
    }
    try (DiscoveryRun ingresses = new DiscoveryRun()) {
      api.put(
          "/apis/networking.k8s.io/v1/ingresses",
          "i",
          """
          {"metadata":{"name":"i","namespace":"shop"},"spec":{"ingressClassName":"nginx",
           "tls":[{"hosts":["*.example.com"]}],
           "rules":[{"host":"shop.example.com","http":{"paths":[{"path":"/a"},{}]}},
                    {"host":"other.org"}]}}
          """);
      ingresses.start(
          KubernetesDiscoverySettings::parse,
          "{api_server: '%s', role: ingress}".formatted(api.url()),
          directory);
      ingresses.awaitAddresses("other.org", "shop.example.com", "shop.example.com'");
      assertThat(ingresses.found().get("shop.example.com"))
          .containsEntry(M + "ingress_scheme", "https")
          .containsEntry(M + "ingress_host", "shop.example.com")
          .containsEntry(M + "ingress_path", "/a")
          .containsEntry(M + "ingress_class_name", "nginx");
      assertThat(ingresses.found().get("other.org"))
          .containsEntry(M + "ingress_scheme", "http")
          .containsEntry(M + "ingress_path", "/");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"endpoints", "endpointslice"})
  void endpointsCarryServicePodNodeAndNamespace(String role) throws Exception {
    String inShop = "/api/v1/namespaces/shop/";
    api.put(
        inShop + "endpoints",
        "web",
        """
        {"metadata":{"name":"web","namespace":"shop","labels":{"e":"1"}},"subsets":[{
          "ports":[{"name":"http","port":8080,"protocol":"TCP"}],
          "addresses":[{"ip":"10.0.0.1","nodeName":"node1","hostname":"h1",
                        "targetRef":{"kind":"Pod","name":"p1"}}],
          "notReadyAddresses":[{"ip":"10.0.0.9"}]}]}
        """);
    api.put(
        "/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices",
        "web-x",
        """
        {"metadata":{"name":"web-x","namespace":"shop","labels":{"kubernetes.io/service-name":"web"}},
         "addressType":"IPv4","ports":[{"name":"http","port":8080,"protocol":"TCP"}],"endpoints":[
          {"addresses":["10.0.0.1"],"conditions":{"ready":true,"serving":true},"nodeName":"node1",
           "zone":"a","targetRef":{"kind":"Pod","name":"p1"}},
          {"addresses":["10.0.0.9"],"conditions":{"ready":false}}]}
        """);
    api.put(
        inShop + "services",
        "web",
        "{\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\",\"labels\":{\"team\":\"t\"}}}");
    api.put(inShop + "pods", "p1", pod("p1", "10.0.0.1", 8080));
    api.put(NODES, "node1", "{\"metadata\":{\"name\":\"node1\",\"labels\":{\"zone\":\"a\"}}}");
    api.put(
        "/api/v1/namespaces",
        "shop",
        "{\"metadata\":{\"name\":\"shop\",\"labels\":{\"env\":\"prod\"}}}");
    discover(
        "role: "
            + role
            + ", namespaces: {names: [shop]}, attach_metadata: {node: true, namespace: true},"
            + " selectors: [{role: "
            + role
            + ", label: 'a=b'}, {role: pod, field: 'x=y'}]");
    run.awaitAddresses("10.0.0.1:6060", "10.0.0.1:8080", "10.0.0.9:8080");
    assertThat(run.found().get("10.0.0.1:8080"))
        .containsEntry(M + "namespace", "shop")
        .containsEntry(M + "service_name", "web")
        .containsEntry(M + "service_label_team", "t")
        .containsEntry(M + "pod_name", "p1")
        .containsEntry(M + "pod_container_port_name", "web")
        .containsEntry(M + "node_label_zone", "a")
        .containsEntry(M + "namespace_label_env", "prod");
    assertThat(run.found().get("10.0.0.1:6060"))
        .containsEntry(M + "pod_container_port_number", "6060")
        .containsEntry(M + "service_name", "web");
    if (role.equals("endpoints")) {
      assertThat(run.found().get("10.0.0.1:8080"))
          .containsEntry(M + "endpoints_name", "web")
          .containsEntry(M + "endpoints_label_e", "1")
          .containsEntry(M + "endpoint_port_name", "http")
          .containsEntry(M + "endpoint_port_protocol", "TCP")
          .containsEntry(M + "endpoint_ready", "true")
          .containsEntry(M + "endpoint_node_name", "node1")
          .containsEntry(M + "endpoint_hostname", "h1")
          .containsEntry(M + "endpoint_address_target_kind", "Pod")
          .containsEntry(M + "endpoint_address_target_name", "p1");
      assertThat(run.found().get("10.0.0.9:8080")).containsEntry(M + "endpoint_ready", "false");
    } else {
      assertThat(run.found().get("10.0.0.1:8080"))
          .containsEntry(M + "endpointslice_name", "web-x")
          .containsEntry(M + "endpointslice_address_type", "IPv4")
          .containsEntry(M + "endpointslice_port", "8080")
          .containsEntry(M + "endpointslice_port_name", "http")
          .containsEntry(M + "endpointslice_endpoint_conditions_ready", "true")
          .containsEntry(M + "endpointslice_endpoint_conditions_serving", "true")
          .containsEntry(M + "endpointslice_endpoint_node_name", "node1")
          .containsEntry(M + "endpointslice_endpoint_zone", "a")
          .containsEntry(M + "endpointslice_address_target_name", "p1");
      assertThat(run.found().get("10.0.0.9:8080"))
          .containsEntry(M + "endpointslice_endpoint_conditions_ready", "false");
    }
    assertThat(api.lists).anyMatch(list -> list.contains("labelSelector=a=b"));
    assertThat(api.lists)
        .anyMatch(list -> list.contains("/pods?") && list.contains("fieldSelector=x=y"));
    run.await(() -> api.watchCount() == 5);
    api.put(
        inShop + "services",
        "web",
        "{\"metadata\":{\"name\":\"web\",\"namespace\":\"shop\",\"labels\":{\"team\":\"u\"}}}");
    run.await(() ->
        "u"
            .equals(
                Objects.requireNonNull(run.found().get("10.0.0.1:8080"))
                    .get(M + "service_label_team")));
  }

  @Test
  void aKubeconfigAndTheClusterWeRunInShowTheWay() throws Exception {
    Files.writeString(directory.resolve("token"), "from file\n");
    Path kubeconfig =
        Files.writeString(
            directory.resolve("config"),
            """
            apiVersion: v1
            kind: Config
            current-context: two
            contexts:
            - {name: one, context: {cluster: none, user: none}}
            - {name: two, context: {cluster: c, user: u, namespace: x}}
            clusters: [{name: c, cluster: {server: '%s', insecure-skip-tls-verify: true}}]
            users: [{name: u, user: {tokenFile: token}}]
            preferences: {}
            """
                .formatted(api.url()));
    api.put(PODS, "p1", pod("p1", "10.0.0.1", 8080));
    run.start(
        KubernetesDiscoverySettings::parse,
        "{role: pod, kubeconfig_file: %s}".formatted(kubeconfig),
        directory);
    run.await(() -> run.addresses().size() == 3);
    LocalServer.Seen seen = api.seen().getFirst();
    assertThat(seen.headers().getFirst("Authorization")).isEqualTo("Bearer from file");

    KubernetesDiscoverySettings inCluster =
        (KubernetesDiscoverySettings)
            DiscoveryRun.parse(KubernetesDiscoverySettings::parse, "{role: pod}", directory);
    ClusterAccess access =
        ClusterAccess.of(
            inCluster,
            Map.of("KUBERNETES_SERVICE_HOST", "fd00::1", "KUBERNETES_SERVICE_PORT", "443"),
            directory);
    assertThat(access.server().toString()).isEqualTo("https://[fd00::1]:443");
    assertThat(access.http().tls().ca().file()).isEqualTo(directory.resolve("ca.crt"));
    assertThatThrownBy(() -> ClusterAccess.of(inCluster, Map.of(), directory))
        .isInstanceOf(FetchFailure.class)
        .hasMessageContaining("set api_server or kubeconfig_file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{role: pods}",
        "{role: pod, api_server: 'ftp://x'}",
        "{role: pod, api_server: 'http://x', kubeconfig_file: y}",
        "{role: pod, bearer_token: x}",
        "{role: node, selectors: [{role: pod, label: x}]}",
        "{role: pod, namespace: {}}",
      })
  void mistakesAreNamed(String yaml) {
    assertThatThrownBy(
            () -> DiscoveryRun.parse(KubernetesDiscoverySettings::parse, yaml, directory))
        .isInstanceOf(ConfigException.class)
        .hasMessageStartingWith("sd.yml");
  }
}
