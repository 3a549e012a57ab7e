// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpSettings;
import io.skopos.ingest.http.HttpSettings.Authorization;
import io.skopos.ingest.http.TlsSettings;
import io.skopos.ingest.http.TlsSettings.Pem;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlDocument;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the API server is and how we show ourselves: as configured, as the pod we run in is told,
 * or as a kubeconfig's current context says.
 */
record ClusterAccess(URI server, HttpSettings http) {

  static final Path SERVICE_ACCOUNT = Path.of("/var/run/secrets/kubernetes.io/serviceaccount");

  static ClusterAccess of(
      KubernetesDiscoverySettings settings, Map<String, String> environment, Path serviceAccount)
      throws FetchFailure {
    URI configured = settings.apiServer();
    if (configured != null) {
      return new ClusterAccess(configured, settings.http());
    }
    Path kubeconfig = settings.kubeconfig();
    if (kubeconfig != null) {
      try {
        return ofKubeconfig(kubeconfig, settings.http());
      } catch (ConfigException | IOException e) {
        throw new FetchFailure("cannot use the kubeconfig: " + e.getMessage(), e);
      }
    }
    String host = environment.get("KUBERNETES_SERVICE_HOST");
    String port = environment.get("KUBERNETES_SERVICE_PORT");
    if (host == null || host.isEmpty() || port == null || port.isEmpty()) {
      throw new FetchFailure(
          "not in a cluster (KUBERNETES_SERVICE_HOST and KUBERNETES_SERVICE_PORT are not set); set"
              + " api_server or kubeconfig_file");
    }
    String name = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    TlsSettings tls =
        new TlsSettings(
            Pem.in(serviceAccount.resolve("ca.crt")), Pem.NONE, Pem.NONE, "", false, "", "");
    // The token is renewed by the cluster; it is read for each request.
    Authorization token =
        new Authorization("Bearer", "", null, "", serviceAccount.resolve("token"));
    return new ClusterAccess(
        URI.create("https://" + name + ":" + port),
        settings.http().withTls(tls).withAuthorization(token));
  }

  private static ClusterAccess ofKubeconfig(Path file, HttpSettings http)
      throws ConfigException, IOException, FetchFailure {
    YamlMapping root = YamlDocument.parse(file.toString(), Files.readString(file)).mapping();
    Path parent = file.toAbsolutePath().getParent();
    Path base = parent == null ? file : parent;
    YamlMapping context = named(root, "contexts", "context", root.requiredText("current-context"));
    YamlMapping cluster = named(root, "clusters", "cluster", context.requiredText("cluster"));
    YamlMapping user = named(root, "users", "user", context.requiredText("user"));
    for (String unsupported : new String[] {"exec", "auth-provider"}) {
      if (user.has(unsupported)) {
        throw user.error(unsupported + " is not supported; use a token or a certificate");
      }
    }
    TlsSettings tls =
        new TlsSettings(
            pem(cluster, "certificate-authority", base),
            pem(user, "client-certificate", base),
            pem(user, "client-key", base),
            cluster.text("tls-server-name", ""),
            cluster.flag("insecure-skip-tls-verify", false),
            "",
            "");
    return new ClusterAccess(
        cluster.httpUrl("server"), http.withTls(tls).withAuthorization(authorization(user, base)));
  }

  private static @Nullable Authorization authorization(YamlMapping user, Path base)
      throws ConfigException {
    String token = user.text("token", "");
    String tokenFile = user.text("tokenFile", "");
    String name = user.text("username", "");
    if (!tokenFile.isEmpty()) {
      return new Authorization("Bearer", "", null, "", base.resolve(tokenFile));
    }
    if (!token.isEmpty()) {
      return new Authorization("Bearer", "", null, token, null);
    }
    return name.isEmpty()
        ? null
        : new Authorization("Basic", name, null, user.text("password", ""), null);
  }

  private static Pem pem(YamlMapping yaml, String key, Path base) throws ConfigException {
    String data = yaml.text(key + "-data", "");
    String file = yaml.text(key, "");
    if (data.isEmpty()) {
      return file.isEmpty() ? Pem.NONE : Pem.in(base.resolve(file));
    }
    try {
      return Pem.inline(
          new String(Base64.getMimeDecoder().decode(data), StandardCharsets.ISO_8859_1));
    } catch (IllegalArgumentException e) {
      throw yaml.error(key + "-data is not base64");
    }
  }

  private static YamlMapping named(YamlMapping root, String list, String key, String name)
      throws ConfigException {
    for (YamlValue value : root.list(list)) {
      YamlMapping entry = value.mapping();
      YamlMapping content = entry.child(key);
      if (entry.text("name", "").equals(name) && content != null) {
        return content;
      }
    }
    throw root.error("there is no entry '" + name + "' in " + list);
  }
}
