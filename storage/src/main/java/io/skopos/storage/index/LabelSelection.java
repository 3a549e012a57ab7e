// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import io.skopos.model.Matcher;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;

/**
 * Evaluates matchers over a label index, as Prometheus does: a missing label has the value "".
 *
 * <p>Each matcher either keeps the series that carry certain values, or, when a missing label fits
 * it, drops the series that carry the others. Known values are looked up first, then patterns are
 * walked; nothing more is looked at once no series is left.
 */
public final class LabelSelection {

  private LabelSelection() {}

  /** The series that fit all matchers; all series for an empty list. */
  public static RoaringBitmap select(LabelIndex index, List<Matcher> matchers) throws IOException {
    int seriesCount = index.seriesCount();
    List<Condition> conditions = new ArrayList<>(matchers.size());
    for (Matcher matcher : matchers) {
      Condition condition = condition(matcher);
      if (condition != null) {
        conditions.add(condition);
      }
    }
    conditions.sort(Comparator.comparingInt(Condition::cost));
    RoaringBitmap selected = null;
    for (Condition condition : conditions) {
      RoaringBitmap carrying = condition.series(index);
      if (condition.keeps) {
        if (selected == null) {
          selected = carrying;
        } else {
          selected.and(carrying);
        }
      } else {
        if (selected == null) {
          selected = all(seriesCount);
        }
        selected.andNot(carrying);
      }
      if (selected.isEmpty()) {
        return selected;
      }
    }
    if (selected == null) {
      return all(seriesCount);
    }
    // A series that is being added right now may have some of its labels in a growing index.
    selected.remove((long) seriesCount, 1L << 32);
    return selected;
  }

  /** The series that fit all matchers, without those that fit one of the spared selectors. */
  public static RoaringBitmap select(
      LabelIndex index, List<Matcher> matchers, List<List<Matcher>> spared) throws IOException {
    RoaringBitmap selected = select(index, matchers);
    for (List<Matcher> selector : spared) {
      if (!selected.isEmpty()) {
        selected.andNot(select(index, selector));
      }
    }
    return selected;
  }

  /** The label names that series of {@code among} carry, each once, in the index' order. */
  public static void labelNames(LabelIndex index, RoaringBitmap among, Consumer<String> names)
      throws IOException {
    labelNames(index, Carriers.of(index, among, null), Texts.each(names));
  }

  /** The label names that any of the series carries. */
  public static void labelNames(LabelIndex index, Carriers series, Texts names) throws IOException {
    index.names(series.into(names));
  }

  /** The values of {@code name} that series of {@code among} carry, each once. */
  public static void labelValues(
      LabelIndex index, String name, RoaringBitmap among, Consumer<String> values)
      throws IOException {
    labelValues(index, name, Carriers.of(index, among, null), Texts.each(values));
  }

  /** The values of {@code name} that any of the series carries. */
  public static void labelValues(LabelIndex index, String name, Carriers series, Texts values)
      throws IOException {
    index.values(name.getBytes(StandardCharsets.UTF_8), series.into(values));
  }

  /** Where names or values go. */
  public interface Texts {

    /** Whether the text is not there yet: only then it is found out who carries it. */
    boolean wants(String text);

    void add(String text);

    private static Texts each(Consumer<String> consumer) {
      return new Texts() {
        @Override
        public boolean wants(String text) {
          return true;
        }

        @Override
        public void add(String text) {
          consumer.accept(text);
        }
      };
    }
  }

  /**
   * The series in question. Whether one of them is really meant may be told late, so that only as
   * many are looked at as it takes to find one.
   *
   * @param everything whether {@code among} is all series of the index
   * @param meant null when all of {@code among} are
   */
  public record Carriers(RoaringBitmap among, boolean everything, @Nullable IntPredicate meant) {

    public static Carriers of(LabelIndex index, RoaringBitmap among, @Nullable IntPredicate meant) {
      return new Carriers(among, among.getCardinality() == index.seriesCount(), meant);
    }

    private LabelIndex.Visitor into(Texts texts) {
      return (bytes, length, _, postings) -> {
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        if (texts.wants(text) && ((everything && meant == null) || hasOneOf(postings))) {
          texts.add(text);
        }
        return true;
      };
    }

    private boolean hasOneOf(LabelIndex.Postings postings) throws IOException {
      IntPredicate really = meant;
      if (really == null) {
        return RoaringBitmap.intersects(among, postings.read());
      }
      return postings.any(series -> among.contains(series) && really.test(series));
    }
  }

  /** Null when the matcher fits every series. */
  private static @Nullable Condition condition(Matcher matcher) {
    byte[] name = matcher.name().getBytes(StandardCharsets.UTF_8);
    boolean empty = matcher.value().isEmpty();
    return switch (matcher.type()) {
      case EQUAL ->
          empty ? Condition.present(name, false) : Condition.value(name, matcher.value(), true);
      case NOT_EQUAL ->
          empty ? Condition.present(name, true) : Condition.value(name, matcher.value(), false);
      case REGEX -> pattern(name, LabelPattern.compile(matcher.value()), true);
      case NOT_REGEX -> pattern(name, LabelPattern.compile(matcher.value()), false);
    };
  }

  private static @Nullable Condition pattern(byte[] name, LabelPattern pattern, boolean wanted) {
    // Does a series without the label fit? Then drop those that carry a value which does not.
    boolean missingFits = pattern.matchesEmpty() == wanted;
    if (pattern.matchesAllNonEmpty()) {
      if (wanted) {
        return missingFits ? null : Condition.present(name, true);
      }
      return Condition.present(name, false).andNothingWhen(pattern.matchesEmpty());
    }
    return new Condition(name, !missingFits, null, pattern, wanted != missingFits, false);
  }

  private static RoaringBitmap all(int seriesCount) {
    RoaringBitmap all = new RoaringBitmap();
    all.add(0L, seriesCount);
    return all;
  }

  /** What one matcher asks: keep, or drop, the series that carry certain values of a label. */
  private static final class Condition {

    final byte[] name;
    final boolean keeps;

    /** One value, or null for a pattern. */
    final byte @Nullable [] value;

    /** Null together with the value: any value. */
    final @Nullable LabelPattern pattern;

    /** The values the pattern accepts, or those it refuses. */
    final boolean accepted;

    /** No series fits. */
    final boolean nothing;

    Condition(
        byte[] name,
        boolean keeps,
        byte @Nullable [] value,
        @Nullable LabelPattern pattern,
        boolean accepted,
        boolean nothing) {
      this.name = name;
      this.keeps = keeps;
      this.value = value;
      this.pattern = pattern;
      this.accepted = accepted;
      this.nothing = nothing;
    }

    static Condition present(byte[] name, boolean keeps) {
      return new Condition(name, keeps, null, null, true, false);
    }

    static Condition value(byte[] name, String value, boolean keeps) {
      return new Condition(name, keeps, value.getBytes(StandardCharsets.UTF_8), null, true, false);
    }

    Condition andNothingWhen(boolean impossible) {
      return impossible ? new Condition(name, true, null, null, true, true) : this;
    }

    /** Lookups before walks, what keeps before what drops. */
    int cost() {
      if (nothing) {
        return -1;
      }
      int kind = value != null ? 0 : pattern == null ? 2 : pattern.literals() != null ? 1 : 4;
      return kind * 2 + (keeps ? 0 : 1);
    }

    RoaringBitmap series(LabelIndex index) throws IOException {
      if (nothing) {
        return new RoaringBitmap();
      }
      if (value != null) {
        return index.postings(name, value);
      }
      return pattern == null ? index.postings(name) : index.matching(name, pattern, accepted);
    }
  }
}
