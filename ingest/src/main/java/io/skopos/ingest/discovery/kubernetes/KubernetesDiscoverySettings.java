// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import io.skopos.ingest.discovery.DiscoveredTargets;
import io.skopos.ingest.discovery.Discovery;
import io.skopos.ingest.discovery.DiscoveryContext;
import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpSettings;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One entry of {@code kubernetes_sd_configs}.
 *
 * @param apiServer null for the cluster we run in, or the one of the kubeconfig
 * @param namespaces to look into; none means all
 * @param ownNamespace also the one we run in
 * @param selectors by role, which objects to ask for
 * @param attachNode targets get their node's labels
 * @param attachNamespace targets get their namespace's labels
 */
public record KubernetesDiscoverySettings(
    KubernetesRole role,
    @Nullable URI apiServer,
    @Nullable Path kubeconfig,
    HttpSettings http,
    List<String> namespaces,
    boolean ownNamespace,
    Map<KubernetesRole, Selector> selectors,
    boolean attachNode,
    boolean attachNamespace)
    implements DiscoverySettings {

  /** Restricts what a list returns, as {@code kubectl -l} and {@code --field-selector} do. */
  public record Selector(String label, String field) {}

  public KubernetesDiscoverySettings {
    namespaces = List.copyOf(namespaces);
    selectors = Map.copyOf(selectors);
  }

  public static KubernetesDiscoverySettings parse(YamlMapping yaml, Path base, Notices notices)
      throws ConfigException {
    if (!yaml.has("role")) {
      throw yaml.error("role is missing");
    }
    KubernetesRole role = yaml.read("role", KubernetesRole::parse, KubernetesRole.POD);
    URI apiServer = yaml.text("api_server", "").isEmpty() ? null : yaml.httpUrl("api_server");
    String kubeconfig = yaml.text("kubeconfig_file", "");
    HttpSettings http = HttpSettings.parse(yaml, base, notices);
    if (apiServer != null && !kubeconfig.isEmpty()) {
      throw yaml.error("api_server and kubeconfig_file exclude each other");
    }
    HttpSettings plain =
        new HttpSettings(
            null,
            null,
            HttpSettings.DEFAULT.tls(),
            HttpSettings.DEFAULT.proxy(),
            http.followRedirects(),
            http.http2(),
            http.headers());
    if (apiServer == null && !http.equals(plain)) {
      throw yaml.error("credentials, tls_config and proxies need api_server");
    }
    YamlMapping namespaces = yaml.child("namespaces");
    YamlMapping attach = yaml.child("attach_metadata");
    KubernetesDiscoverySettings settings =
        new KubernetesDiscoverySettings(
            role,
            apiServer,
            kubeconfig.isEmpty() ? null : base.resolve(kubeconfig),
            http,
            namespaces == null ? List.of() : namespaces.texts("names"),
            namespaces != null && namespaces.flag("own_namespace", false),
            selectors(yaml, role),
            attach != null && attach.flag("node", false),
            attach != null && attach.flag("namespace", false));
    if (namespaces != null) {
      namespaces.done();
    }
    if (attach != null) {
      attach.done();
    }
    yaml.done();
    return settings;
  }

  private static Map<KubernetesRole, Selector> selectors(YamlMapping yaml, KubernetesRole role)
      throws ConfigException {
    List<KubernetesRole> allowed = new ArrayList<>(List.of(role));
    if (role == KubernetesRole.POD) {
      allowed.add(KubernetesRole.NODE);
    } else if (role == KubernetesRole.ENDPOINTS || role == KubernetesRole.ENDPOINTSLICE) {
      allowed.addAll(List.of(KubernetesRole.POD, KubernetesRole.SERVICE, KubernetesRole.NODE));
    }
    Map<KubernetesRole, Selector> selectors = new EnumMap<>(KubernetesRole.class);
    for (YamlValue value : yaml.list("selectors")) {
      YamlMapping selector = value.mapping();
      KubernetesRole of = selector.read("role", KubernetesRole::parse, role);
      if (!allowed.contains(of)) {
        throw selector.error("the role " + role.key() + " takes no selector of " + of.key());
      }
      Selector read = new Selector(selector.text("label", ""), selector.text("field", ""));
      if (selectors.put(of, read) != null) {
        throw selector.error("a second selector of the role " + of.key());
      }
      selector.done();
    }
    return selectors;
  }

  @Override
  public String kind() {
    return "kubernetes";
  }

  @Override
  public Discovery start(DiscoveryContext context, DiscoveredTargets targets)
      throws ConfigException {
    try {
      return new KubernetesDiscovery(this, context, targets);
    } catch (FetchFailure e) {
      throw new ConfigException("kubernetes_sd_configs: " + e.getMessage(), e);
    }
  }
}
