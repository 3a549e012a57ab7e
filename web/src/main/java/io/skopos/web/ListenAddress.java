// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import java.net.InetSocketAddress;

/** Reads {@code host:port}, {@code :port} and {@code [ipv6]:port}. */
final class ListenAddress {

  private ListenAddress() {}

  static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? "" : text.substring(0, colon);
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.indexOf(':') >= 0) {
      throw bad(text, "an IPv6 address stands in brackets");
    }
    int port;
    try {
      port = Integer.parseInt(text.substring(colon + 1));
    } catch (NumberFormatException e) {
      throw bad(text, "the port is not a number");
    }
    if (colon < 0 || port < 0 || port > 65535) {
      throw bad(text, "the port is not in 0..65535 behind a colon");
    }
    InetSocketAddress address =
        host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    if (address.isUnresolved()) {
      throw bad(text, "the host is unknown");
    }
    return address;
  }

  private static IllegalArgumentException bad(String text, String why) {
    return new IllegalArgumentException(
        "web.listen: '"
            + text
            + "' is not an address: "
            + why
            + "; write for example 127.0.0.1:4900");
  }
}
