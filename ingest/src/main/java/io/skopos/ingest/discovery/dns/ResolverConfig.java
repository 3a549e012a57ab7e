// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.dns;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Whom to ask, as {@code /etc/resolv.conf} says.
 *
 * @param search suffixes tried for names with fewer than {@code dots} dots first, for others last
 * @param timeout of one try
 * @param attempts rounds over all servers
 */
record ResolverConfig(
    List<InetSocketAddress> servers,
    List<String> search,
    int dots,
    Duration timeout,
    int attempts) {

  private static final int PORT = 53;

  ResolverConfig {
    servers = List.copyOf(servers);
    search = List.copyOf(search);
  }

  static ResolverConfig read(Path file) throws IOException {
    List<InetSocketAddress> servers = new ArrayList<>();
    List<String> search = List.of();
    int dots = 1;
    int timeout = 5;
    int attempts = 2;
    for (String line : Files.readAllLines(file)) {
      String[] words = line.strip().split("\\s+");
      if (words.length < 2) {
        continue;
      }
      switch (words[0]) {
        case "nameserver" -> servers.add(new InetSocketAddress(words[1], PORT));
        case "domain" -> search = List.of(words[1]);
        case "search" -> search = List.of(words).subList(1, words.length);
        case "options" -> {
          for (String option : words) {
            dots = option(option, "ndots:", dots, 15);
            timeout = option(option, "timeout:", timeout, 30);
            attempts = option(option, "attempts:", attempts, 5);
          }
        }
        default -> {}
      }
    }
    if (servers.isEmpty()) {
      servers.add(new InetSocketAddress("127.0.0.1", PORT));
    }
    return new ResolverConfig(
        servers, search, dots, Duration.ofSeconds(Math.max(1, timeout)), Math.max(1, attempts));
  }

  private static int option(String word, String name, int absent, int most) {
    if (!word.startsWith(name)) {
      return absent;
    }
    try {
      return Math.clamp(Integer.parseInt(word.substring(name.length())), 0, most);
    } catch (NumberFormatException e) {
      return absent;
    }
  }

  /** The whole names a name may stand for, in the order to try them. */
  List<String> candidates(String name) {
    if (name.endsWith(".")) {
      return List.of(name.substring(0, name.length() - 1));
    }
    List<String> candidates = new ArrayList<>();
    for (String suffix : search) {
      String bare = suffix.endsWith(".") ? suffix.substring(0, suffix.length() - 1) : suffix;
      if (!bare.isEmpty()) {
        candidates.add(name + "." + bare);
      }
    }
    boolean first = name.chars().filter(c -> c == '.').count() >= dots;
    candidates.add(first ? 0 : candidates.size(), name);
    return candidates;
  }
}
