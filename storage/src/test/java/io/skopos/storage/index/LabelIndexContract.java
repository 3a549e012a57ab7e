// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.Matcher;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.roaringbitmap.RoaringBitmap;

/** What every label index must answer, held against a walk over all label sets. */
abstract class LabelIndexContract {

  /** Sorted by labels, without duplicates; ordinals are the positions in the list. */
  abstract LabelIndex index(List<Labels> series) throws IOException;

  private static final List<String> NAMES = List.of("__name__", "job", "instance", "mode", "é");
  private static final List<Matcher.Type> TYPES = List.of(Matcher.Type.values());
  private static final List<String> PATTERNS =
      List.of(
          ".*", ".+", "", "a", "a|b", "a|", "v[0-3]", "v1.*", ".*2", ".*1.*", "v(1|2).", "[^a]+",
          "(a|b)?", "v\\d+", "nothing");

  @Test
  void selectsWhatAWalkSelects() throws IOException {
    long seed = System.nanoTime();
    RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    for (int round = 0; round < 12; round++) {
      List<Labels> series = series(random, 1 + random.nextInt(round < 10 ? 60 : 4_000));
      LabelIndex index = index(series);
      assertThat(index.seriesCount()).isEqualTo(series.size());
      for (int i = 0; i < 150; i++) {
        List<Matcher> matchers = matchers(random);
        RoaringBitmap expected = new RoaringBitmap();
        for (int ordinal = 0; ordinal < series.size(); ordinal++) {
          if (fits(series.get(ordinal), matchers)) {
            expected.add(ordinal);
          }
        }
        assertThat(LabelSelection.select(index, matchers))
            .as("seed %d, matchers %s", seed, matchers)
            .isEqualTo(expected);
        namesAndValues(index, series, expected);
      }
      counts(index, series);
    }
  }

  private static void namesAndValues(LabelIndex index, List<Labels> series, RoaringBitmap among)
      throws IOException {
    TreeSet<String> names = new TreeSet<>();
    TreeSet<String> values = new TreeSet<>();
    for (int ordinal : among) {
      names.addAll(series.get(ordinal).toMap().keySet());
      if (series.get(ordinal).has("instance")) {
        values.add(series.get(ordinal).getOrEmpty("instance"));
      }
    }
    List<String> foundNames = new ArrayList<>();
    LabelSelection.labelNames(index, among, foundNames::add);
    assertThat(foundNames).containsExactlyInAnyOrderElementsOf(names);
    List<String> foundValues = new ArrayList<>();
    LabelSelection.labelValues(index, "instance", among, foundValues::add);
    assertThat(foundValues).containsExactlyInAnyOrderElementsOf(values);
  }

  private static void counts(LabelIndex index, List<Labels> series) throws IOException {
    for (String name : NAMES) {
      byte[] bytes = name.getBytes(java.nio.charset.StandardCharsets.UTF_8);
      int[] seen = new int[2];
      index.values(
          bytes,
          (value, length, count, postings) -> {
            assertThat(postings.read().getCardinality()).isEqualTo(count);
            seen[0]++;
            seen[1] += count;
            return true;
          });
      assertThat(seen[0]).isEqualTo(index.valueCount(bytes));
      assertThat(seen[1]).isEqualTo((int) series.stream().filter(l -> l.has(name)).count());
    }
    assertThat(index.valueCount(new byte[] {'x'})).isZero();
    assertThat(index.postings(new byte[] {'x'}).isEmpty()).isTrue();
  }

  static List<Labels> series(RandomGenerator random, int count) {
    TreeSet<Labels> sorted = new TreeSet<>();
    for (int i = 0; i < count; i++) {
      LabelsBuilder labels = new LabelsBuilder();
      for (String name : NAMES) {
        switch (random.nextInt(4)) {
          case 0 -> labels.set(name, random.nextBoolean() ? "a" : "b");
          case 1 -> labels.set(name, "v" + random.nextInt(5));
          case 2 -> labels.set(name, "v" + random.nextInt(3_000));
          default -> {
            // the label is missing
          }
        }
      }
      sorted.add(labels.build());
    }
    return new ArrayList<>(sorted);
  }

  private static List<Matcher> matchers(RandomGenerator random) {
    List<Matcher> matchers = new ArrayList<>();
    int count = random.nextInt(4);
    for (int i = 0; i < count; i++) {
      Matcher.Type type = TYPES.get(random.nextInt(TYPES.size()));
      String name = random.nextInt(8) == 0 ? "other" : NAMES.get(random.nextInt(NAMES.size()));
      boolean regex = type == Matcher.Type.REGEX || type == Matcher.Type.NOT_REGEX;
      String value =
          regex
              ? PATTERNS.get(random.nextInt(PATTERNS.size()))
              : List.of("", "a", "v1", "v2000", "none").get(random.nextInt(5));
      matchers.add(new Matcher(type, name, value));
    }
    return matchers;
  }

  private static boolean fits(Labels labels, List<Matcher> matchers) {
    for (Matcher matcher : matchers) {
      String value = labels.getOrEmpty(matcher.name());
      boolean fits =
          switch (matcher.type()) {
            case EQUAL -> value.equals(matcher.value());
            case NOT_EQUAL -> !value.equals(matcher.value());
            case REGEX -> Pattern.matches(matcher.value(), value);
            case NOT_REGEX -> !Pattern.matches(matcher.value(), value);
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }
}
