// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A compiled regular expression of a matcher: RE2 syntax, anchored at both ends, a dot fits a line
 * break too, as in Prometheus 3. Literals, alternations of them, prefixes, suffixes and substrings
 * do without the engine. Thread-safe; the latest are cached.
 */
public final class LabelPattern {

  /** Longest expression accepted, in chars. */
  public static final int MAX_LENGTH = 64 * 1024;

  private static final int CACHED = 256;

  /**
   * Instructions or characters of all that are kept, at some 50 bytes each: some hundred of the
   * largest would fill the heap.
   */
  private static final long MAX_CACHED_SIZE = 400_000;

  private static final Map<String, LabelPattern> CACHE = new LinkedHashMap<>(CACHED, 0.75f, true);

  private static long cachedSize;

  private final String source;
  private final @Nullable List<Glob> globs;
  private final @Nullable List<byte[]> literals;
  private final @Nullable Pattern engine;
  private final boolean matchesEmpty;
  private final long size;

  private LabelPattern(String source, long size) {
    this.source = source;
    this.size = Math.max(size, source.length());
    this.globs = GlobParser.parse(source);
    this.literals = globs == null ? null : literals(globs);
    this.engine = globs == null ? Pattern.compile(source, Pattern.DOTALL) : null;
    this.matchesEmpty = matches(new byte[0], 0, 0);
  }

  /**
   * @throws IllegalArgumentException with RE2's message when the expression is malformed or larger
   *     than the limit
   */
  public static LabelPattern compile(String expression) {
    synchronized (CACHE) {
      LabelPattern cached = CACHE.get(expression);
      if (cached != null) {
        return cached;
      }
    }
    long size = checkSize(expression);
    LabelPattern compiled;
    try {
      compiled = new LabelPattern(expression, size);
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
    keep(compiled);
    return compiled;
  }

  private static void keep(LabelPattern pattern) {
    synchronized (CACHE) {
      LabelPattern before = CACHE.put(pattern.source, pattern);
      cachedSize += pattern.size - (before == null ? 0 : before.size);
      Iterator<LabelPattern> eldest = CACHE.values().iterator();
      while (CACHE.size() > CACHED || cachedSize > MAX_CACHED_SIZE) {
        cachedSize -= eldest.next().size;
        eldest.remove();
      }
    }
  }

  /**
   * To be called before any regular expression of a client is compiled: the size of its program.
   *
   * @throws IllegalArgumentException when that is over the limit
   */
  public static long checkSize(String expression) {
    if (expression.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a regular expression of "
              + expression.length()
              + " characters is longer than the limit of "
              + MAX_LENGTH
              + "; use several matchers or a shorter one");
    }
    return ExpressionSize.check(expression);
  }

  public boolean matches(byte[] value, int offset, int length) {
    if (globs != null) {
      for (int i = 0; i < globs.size(); i++) {
        if (globs.get(i).matches(value, offset, length)) {
          return true;
        }
      }
      return false;
    }
    byte[] text = value;
    if (offset != 0 || length != value.length) {
      text = new byte[length];
      System.arraycopy(value, offset, text, 0, length);
    }
    return Objects.requireNonNull(engine).matcher(text).matches();
  }

  /** Whether it fits a label that is not there. */
  public boolean matchesEmpty() {
    return matchesEmpty;
  }

  /** All values it accepts, when these are few and known; null otherwise. */
  public @Nullable List<byte[]> literals() {
    return literals;
  }

  /** True when it accepts every value but the empty one, and perhaps that one too. */
  boolean matchesAllNonEmpty() {
    return globs != null && globs.stream().anyMatch(Glob::isGap);
  }

  private static @Nullable List<byte[]> literals(List<Glob> globs) {
    List<byte[]> found = new ArrayList<>();
    for (Glob glob : globs) {
      if (!glob.isLiteral()) {
        return null;
      }
      found.add(glob.literal());
    }
    return found;
  }

  /** The expression as written. */
  public String source() {
    return source;
  }

  @Override
  public String toString() {
    return source;
  }
}
