// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Where a connection leads; connections of equal routes serve each other's requests.
 *
 * @param host without brackets
 * @param proxy through which it leads; null for straight there
 */
record Route(boolean tls, String host, int port, @Nullable URI proxy) {

  static Route to(URI url, @Nullable URI proxy) {
    boolean tls = url.getScheme().equalsIgnoreCase("https");
    return new Route(tls, host(url), port(url), proxy);
  }

  static String host(URI url) {
    String host = url.getHost();
    if (host == null) {
      throw new IllegalArgumentException("'" + url + "' has no host");
    }
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    return (bracketed ? host.substring(1, host.length() - 1) : host).toLowerCase(Locale.ROOT);
  }

  static int port(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return switch (url.getScheme().toLowerCase(Locale.ROOT)) {
      case "https" -> 443;
      case "socks5", "socks5h" -> 1080;
      default -> 80;
    };
  }

  /** The host as a URL writes it, and the port. */
  String authority() {
    return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
  }

  /** Whether requests name their whole URL: plain HTTP through a proxy that understands HTTP. */
  boolean absoluteForm() {
    return proxy != null && !tls && !proxy.getScheme().startsWith("socks5");
  }
}
