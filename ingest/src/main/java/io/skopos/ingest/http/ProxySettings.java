// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Which way requests take.
 *
 * @param url of the proxy; null for none, or for what the environment says
 * @param noProxy hosts that are reached straight, as the environment variable NO_PROXY lists them
 * @param fromEnvironment HTTP_PROXY, HTTPS_PROXY and NO_PROXY decide
 * @param connectHeaders sent to a proxy that tunnels to a TLS target
 */
public record ProxySettings(
    @Nullable URI url,
    String noProxy,
    boolean fromEnvironment,
    Map<String, List<String>> connectHeaders) {

  public static final ProxySettings NONE = new ProxySettings(null, "", false, Map.of());

  /** Headers and the URL may hold secrets. */
  @Override
  public String toString() {
    URI proxy = url;
    return proxy == null
        ? fromEnvironment ? "from environment" : "none"
        : proxy.getScheme() + "://" + proxy.getHost();
  }

  static ProxySettings parse(YamlMapping yaml) throws ConfigException {
    String proxy = yaml.text("proxy_url", "");
    String noProxy = yaml.text("no_proxy", "");
    boolean fromEnvironment = yaml.flag("proxy_from_environment", false);
    Map<String, List<String>> headers = new LinkedHashMap<>();
    YamlMapping connect = yaml.child("proxy_connect_header");
    if (connect != null) {
      for (Map.Entry<String, YamlValue> header : connect.all().entrySet()) {
        headers.put(header.getKey(), header.getValue().texts());
      }
    }
    if (fromEnvironment && (!proxy.isEmpty() || !noProxy.isEmpty())) {
      throw yaml.error("proxy_from_environment excludes proxy_url and no_proxy");
    }
    if (!noProxy.isEmpty() && proxy.isEmpty()) {
      throw yaml.error("no_proxy needs proxy_url");
    }
    if (!headers.isEmpty() && proxy.isEmpty() && !fromEnvironment) {
      throw yaml.error("proxy_connect_header needs proxy_url or proxy_from_environment");
    }
    URI url = null;
    if (!proxy.isEmpty()) {
      try {
        url = proxyUrl(proxy);
      } catch (IllegalArgumentException e) {
        // The text may hold a password.
        throw yaml.error("proxy_url is not an http, https or socks5 URL");
      }
    }
    return new ProxySettings(url, noProxy, fromEnvironment, Map.copyOf(headers));
  }

  static URI proxyUrl(String text) {
    URI url = URI.create(text.contains("://") ? text : "http://" + text);
    String scheme = url.getScheme().toLowerCase(Locale.ROOT);
    boolean known = List.of("http", "https", "socks5", "socks5h").contains(scheme);
    if (!known || url.getHost() == null) {
      throw new IllegalArgumentException("not a proxy");
    }
    return url;
  }
}
