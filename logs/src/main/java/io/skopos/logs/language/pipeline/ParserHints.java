// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.engine.aggregation.Grouping;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which labels the rest of a query looks at, so that parsers leave out the others. As in Loki a
 * parser stops once it has all of them, and does nothing when none is wanted: what is malformed
 * beyond that point makes no error.
 *
 * @param required the only labels wanted; null when that may be all
 */
public record ParserHints(@Nullable Set<String> required) {

  /** Everything is wanted. */
  public static final ParserHints ALL = new ParserHints(null);

  /** No label is looked at. */
  public static final ParserHints NO_LABELS = new ParserHints(Set.of());

  public ParserHints {
    required = required == null ? null : Set.copyOf(required);
  }

  /**
   * Of a range aggregation.
   *
   * @param read labels its stages, unwrap and filters after it read
   * @param grouping of the aggregation, or of one around it that needs no more; null when all
   *     labels are in the answer
   */
  public static ParserHints of(Collection<String> read, @Nullable Grouping grouping) {
    if (grouping == null || grouping.without()) {
      return ALL;
    }
    List<String> wanted = new ArrayList<>(read);
    wanted.addAll(grouping.names());
    Set<String> required = new LinkedHashSet<>();
    for (String name : wanted) {
      required.add(name);
      // A parser does not know yet that a name is taken when it decides whether to read a value.
      if (name.endsWith(EntryState.EXTRACTED)) {
        required.add(name.substring(0, name.length() - EntryState.EXTRACTED.length()));
      }
    }
    return new ParserHints(required);
  }

  boolean noLabels() {
    return required != null && required.isEmpty();
  }

  /** Whether the query itself looks at errors, which then do not fail it. */
  boolean preservesErrors() {
    return required != null && required.contains(EntryState.ERROR);
  }

  boolean wants(String name) {
    return required == null || required.contains(name);
  }

  boolean wantsPrefix(String prefix) {
    if (required == null) {
      return true;
    }
    for (String name : required) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }
}
