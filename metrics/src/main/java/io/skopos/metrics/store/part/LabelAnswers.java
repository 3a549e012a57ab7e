// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.model.Matcher;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a part answered to questions about its label names and values. A part does not change, so
 * the same question about the same series has the same answer; a dashboard's variables ask it each
 * time they are shown. Within a bound, the ones asked last stay. Thread-safe.
 */
public final class LabelAnswers {

  private static final int MAX_ANSWERS = 32;
  private static final int MAX_BYTES = 1 << 20;

  /**
   * A question.
   *
   * @param name of the label whose values are wanted; null for the names of labels
   * @param selectors a union
   * @param notTouching the ranges of series that are left out, see {@link MetricsPart#notTouching}
   */
  public record Question(
      @Nullable String name, List<List<Matcher>> selectors, BitSet notTouching) {}

  private final Map<Question, List<String>> answers = new LinkedHashMap<>(16, 0.75f, true);
  private int bytes;

  LabelAnswers() {}

  /** What is charged for it whether it is full or not. */
  static long heapBytes(int seriesCount) {
    return Math.min(MAX_BYTES, 16L * seriesCount);
  }

  /** Null when it is not known. */
  public synchronized @Nullable List<String> get(Question question) {
    return answers.get(question);
  }

  public synchronized void put(Question question, List<String> answer) {
    int size = bytes(answer);
    if (size > MAX_BYTES / 2) {
      return;
    }
    List<String> before = answers.put(question, List.copyOf(answer));
    bytes += size - (before == null ? 0 : bytes(before));
    while (bytes > MAX_BYTES || answers.size() > MAX_ANSWERS) {
      Question eldest = answers.keySet().iterator().next();
      List<String> gone = answers.remove(eldest);
      bytes -= gone == null ? 0 : bytes(gone);
    }
  }

  private static int bytes(List<String> answer) {
    int bytes = 512;
    for (String text : answer) {
      bytes += 56 + text.length();
      if (bytes > MAX_BYTES) {
        break;
      }
    }
    return bytes;
  }
}
