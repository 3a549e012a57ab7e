// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import com.google.re2j.Pattern;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A pattern of paths: {@code *} and {@code ?} within a name, {@code **} for any directories (or
 * none), {@code [a-z]}, {@code {one,other}}, {@code \} before a character that means itself.
 * Expanding lists only directories that can match. Thread-safe.
 */
public final class Glob {

  private static final int MAX_ALTERNATIVES = 1000;
  private static final int MAX_DEPTH = 32;

  private final String text;
  private final List<List<String>> alternatives = new ArrayList<>();
  private final Pattern whole;

  /**
   * @param text an absolute path with wildcards
   * @throws IllegalArgumentException saying what is not understood
   */
  public Glob(String text) {
    this.text = text;
    if (!text.startsWith("/") && !Path.of(text.replaceAll("[*?\\[{].*", "")).isAbsolute()) {
      throw new IllegalArgumentException("the path '" + text + "' is not absolute");
    }
    StringBuilder regex = new StringBuilder();
    for (String alternative : braces(text)) {
      alternatives.add(List.of(alternative.split("/", -1)));
      regex.append(regex.isEmpty() ? "" : "|").append(regex(alternative));
    }
    whole = Pattern.compile("^(?s:" + regex + ")$");
  }

  public String text() {
    return text;
  }

  public boolean matches(Path path) {
    return whole.matcher(path.toString()).matches();
  }

  /** What expanding came across. */
  public interface Found {

    /** May come twice; whatever lies there. */
    void path(Path path);

    /** A directory that was listed: changes in it matter. */
    void directory(Path directory);

    void unreadable(Path directory, IOException why);
  }

  /** Everything that matches now. */
  public void expand(Found found) {
    for (List<String> names : alternatives) {
      expand(Path.of("/"), names, 1, 0, found);
    }
  }

  private static void expand(Path directory, List<String> names, int at, int depth, Found found) {
    if (depth > MAX_DEPTH) {
      return;
    }
    String name = names.get(at);
    boolean last = at == names.size() - 1;
    if (name.equals("**")) {
      if (last) {
        below(directory, found, depth);
        return;
      }
      expand(directory, names, at + 1, depth, found);
      for (Path entry : list(directory, found)) {
        if (Files.isDirectory(entry) && !Files.isSymbolicLink(entry)) {
          expand(entry, names, at, depth + 1, found);
        }
      }
      return;
    }
    if (isPlain(name)) {
      Path next = directory.resolve(name);
      if (!last) {
        expand(next, names, at + 1, depth, found);
      } else {
        found.directory(directory);
        if (Files.exists(next)) {
          found.path(next);
        }
      }
      return;
    }
    Pattern pattern = Pattern.compile("^(?s:" + regex(name) + ")$");
    for (Path entry : list(directory, found)) {
      if (pattern.matcher(String.valueOf(entry.getFileName())).matches()) {
        if (last) {
          found.path(entry);
        } else if (Files.isDirectory(entry)) {
          expand(entry, names, at + 1, depth + 1, found);
        }
      }
    }
  }

  private static void below(Path directory, Found found, int depth) {
    for (Path entry : list(directory, found)) {
      if (!Files.isDirectory(entry)) {
        found.path(entry);
      } else if (!Files.isSymbolicLink(entry) && depth < MAX_DEPTH) {
        below(entry, found, depth + 1);
      }
    }
  }

  private static Set<Path> list(Path directory, Found found) {
    Set<Path> entries = new TreeSet<>();
    if (!Files.isDirectory(directory)) {
      return entries;
    }
    found.directory(directory);
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (IOException | DirectoryIteratorException e) {
      found.unreadable(directory, e instanceof IOException io ? io : new IOException(e));
    }
    return entries;
  }

  private static boolean isPlain(String name) {
    for (int i = 0; i < name.length(); i++) {
      if ("*?[\\".indexOf(name.charAt(i)) >= 0) {
        return false;
      }
    }
    return true;
  }

  /** All alternatives without braces. */
  private static List<String> braces(String text) {
    List<String> open = new ArrayList<>(List.of(text));
    List<String> done = new ArrayList<>();
    while (!open.isEmpty()) {
      String one = open.removeLast();
      int from = one.indexOf('{');
      if (from < 0) {
        done.add(one);
        continue;
      }
      int depth = 0;
      int to = from;
      List<Integer> cuts = new ArrayList<>(List.of(from));
      for (; to < one.length(); to++) {
        char c = one.charAt(to);
        depth += c == '{' ? 1 : c == '}' ? -1 : 0;
        if (depth == 0) {
          break;
        }
        if (c == ',' && depth == 1) {
          cuts.add(to);
        }
      }
      if (to == one.length()) {
        throw new IllegalArgumentException("a brace is not closed in '" + text + "'");
      }
      cuts.add(to);
      for (int i = cuts.size() - 2; i >= 0; i--) {
        open.add(
            one.substring(0, from)
                + one.substring(cuts.get(i) + 1, cuts.get(i + 1))
                + one.substring(to + 1));
      }
      if (open.size() + done.size() > MAX_ALTERNATIVES) {
        throw new IllegalArgumentException("too many alternatives in '" + text + "'");
      }
    }
    return done;
  }

  private static String regex(String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char c = glob.charAt(i);
      switch (c) {
        case '*' -> {
          boolean any = glob.startsWith("**", i);
          if (!any) {
            regex.append("[^/]*");
          } else if (glob.startsWith("**/", i) && (i == 0 || glob.charAt(i - 1) == '/')) {
            regex.append("(?:[^/]+/)*");
            i += 2;
          } else {
            regex.append(".*");
            i++;
          }
        }
        case '?' -> regex.append("[^/]");
        case '[' -> {
          int end = glob.indexOf(']', i + 2);
          if (end < 0) {
            throw new IllegalArgumentException("'[' is not closed in '" + glob + "'");
          }
          String inside = glob.substring(i + 1, end).replace("\\", "\\\\").replace("[", "\\[");
          regex.append('[').append(inside.startsWith("!") ? "^" + inside.substring(1) : inside);
          regex.append(']');
          i = end;
        }
        case '\\' -> {
          if (i + 1 < glob.length()) {
            regex.append(Pattern.quote(glob.substring(i + 1, i + 2)));
            i++;
          }
        }
        default -> regex.append(Pattern.quote(String.valueOf(c)));
      }
    }
    return regex.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Glob glob && glob.text.equals(text);
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  @Override
  public String toString() {
    return text;
  }
}
