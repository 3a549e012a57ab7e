// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.skopos.storage.BucketUse;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A server's command line without anything special about it. The full command line knows more, but
 * building it takes as long as a third of a start, since its library's classes are too old for the
 * start-up cache. Whatever this one does not understand is left to the full one.
 */
final class PlainServerStart {

  private Path data = Path.of("data");
  private @Nullable Path file;
  private @Nullable Map<String, String> settings;
  private @Nullable String listen;
  private @Nullable String memory;
  private boolean strict;

  private PlainServerStart() {}

  /** Null when the arguments are not those of a server, or need the full command line. */
  static @Nullable PlainServerStart of(String... arguments) {
    if (arguments.length == 0 || !arguments[0].equals("server")) {
      return null;
    }
    PlainServerStart start = new PlainServerStart();
    Set<String> seen = new HashSet<>();
    for (int i = 1; i < arguments.length; i++) {
      String argument = arguments[i];
      int equals = argument.indexOf('=');
      String name = equals < 0 ? argument : argument.substring(0, equals);
      String value = equals < 0 ? null : argument.substring(equals + 1);
      if (!seen.add(name) && !name.equals("--set")) {
        return null;
      }
      if (name.equals("--strict") && value == null) {
        start.strict = true;
        continue;
      }
      if (value == null && ++i < arguments.length) {
        value = arguments[i];
      }
      if (value == null || !isPlain(value) || !start.take(name, value)) {
        return null;
      }
    }
    return start;
  }

  private static boolean isPlain(String value) {
    return !value.isEmpty()
        && value.charAt(0) != '-'
        && value.indexOf('"') < 0
        && value.indexOf('\'') < 0
        && value.indexOf('\\') < 0
        && value.indexOf('$') < 0
        && value.charAt(0) != '@';
  }

  private boolean take(String name, String value) {
    switch (name) {
      case "--data" -> data = Path.of(value);
      case "--config" -> file = Path.of(value);
      case "--listen" -> listen = value;
      case "--memory" -> memory = value;
      case "--set" -> {
        int equals = value.indexOf('=');
        if (equals <= 0) {
          return false;
        }
        if (settings == null) {
          settings = new LinkedHashMap<>();
        }
        settings.put(value.substring(0, equals), value.substring(equals + 1));
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  Path data() {
    return data;
  }

  @Nullable String memory() {
    return memory;
  }

  ConfigOptions config() {
    return new ConfigOptions(file, settings, listen, strict);
  }

  /** As {@link ServerCommand} does. */
  int run() {
    PrintWriter problems = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    try {
      return ServerCommand.run(data, BucketUse.Mode.OWN, config(), memory, problems);
    } catch (CommandFailed e) {
      problems.println("skopos: " + e.getMessage());
      return 1;
    } catch (RuntimeException e) {
      e.printStackTrace(problems);
      return 1;
    }
  }
}
