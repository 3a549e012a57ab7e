// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the proxy for a URL, with the rules Go programs have: the environment never sends
 * requests to this host through a proxy, and NO_PROXY lists names (with their subdomains),
 * addresses, address ranges and ports.
 */
final class ProxyChoice {

  private final ProxySettings settings;
  private final Map<String, String> environment;

  ProxyChoice(ProxySettings settings, Map<String, String> environment) {
    this.settings = settings;
    this.environment = environment;
  }

  /** Null for straight there. */
  @Nullable URI of(URI target) throws FetchFailure {
    if (settings.fromEnvironment()) {
      boolean tls = target.getScheme().equalsIgnoreCase("https");
      String proxy = variable(tls ? "HTTPS_PROXY" : "HTTP_PROXY");
      if (proxy.isEmpty() || bypasses(target, variable("NO_PROXY"))) {
        return null;
      }
      try {
        return ProxySettings.proxyUrl(proxy);
      } catch (IllegalArgumentException e) {
        throw new FetchFailure(
            "the environment's " + (tls ? "HTTPS_PROXY" : "HTTP_PROXY") + " is not a proxy's URL");
      }
    }
    if (settings.url() != null
        && !settings.noProxy().isEmpty()
        && bypasses(target, settings.noProxy())) {
      return null;
    }
    return settings.url();
  }

  private String variable(String name) {
    String value = environment.get(name);
    if (value == null || value.isEmpty()) {
      value = environment.get(name.toLowerCase(Locale.ROOT));
    }
    return value == null ? "" : value.strip();
  }

  private static boolean bypasses(URI target, String noProxy) {
    String host = Route.host(target);
    String port = Integer.toString(Route.port(target));
    byte[] address = HttpThreads.isLiteral(host) ? address(host) : null;
    if (host.equals("localhost") || (address != null && isLoopback(address))) {
      return true;
    }
    for (String each : noProxy.split(",")) {
      String entry = each.strip().toLowerCase(Locale.ROOT);
      if (!entry.isEmpty() && fits(entry, host, port, address)) {
        return true;
      }
    }
    return false;
  }

  private static boolean fits(String entry, String host, String port, byte @Nullable [] address) {
    if (entry.equals("*")) {
      return true;
    }
    int slash = entry.indexOf('/');
    if (slash > 0) {
      return address != null && inRange(entry, slash, address);
    }
    String name = entry;
    int colon = entry.lastIndexOf(':');
    boolean withPort = colon > 0 && entry.indexOf(':') == colon;
    boolean bracketed = entry.startsWith("[") && colon > entry.indexOf(']');
    if (withPort || bracketed) {
      if (!entry.substring(colon + 1).equals(port)) {
        return false;
      }
      name = entry.substring(0, colon);
    }
    name = name.replace("[", "").replace("]", "");
    if (address != null) {
      byte[] other = HttpThreads.isLiteral(name) ? address(name) : null;
      return other != null && java.util.Arrays.equals(other, address);
    }
    if (name.startsWith("*.")) {
      name = name.substring(1);
    }
    return name.startsWith(".")
        ? host.endsWith(name)
        : host.equals(name) || host.endsWith("." + name);
  }

  private static boolean inRange(String range, int slash, byte[] address) {
    byte[] network =
        HttpThreads.isLiteral(range.substring(0, slash))
            ? address(range.substring(0, slash))
            : null;
    int bits;
    try {
      bits = Integer.parseInt(range.substring(slash + 1));
    } catch (NumberFormatException e) {
      return false;
    }
    if (network == null || network.length != address.length || bits > network.length * 8) {
      return false;
    }
    for (int bit = 0; bit < bits; bit++) {
      int mask = 0x80 >> (bit & 7);
      if (((network[bit >> 3] ^ address[bit >> 3]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  private static byte @Nullable [] address(String literal) {
    try {
      return InetAddress.getByName(literal).getAddress();
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static boolean isLoopback(byte[] address) {
    try {
      return InetAddress.getByAddress(address).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }
}
