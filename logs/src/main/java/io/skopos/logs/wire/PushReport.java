// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.web.receive.Rejection;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** What of a message goes on to the intake and what does not, each kind with its first reason. */
public final class PushReport {

  private static final int MAX_KINDS = 10;

  private final Map<Rejection, Long> rejected = new EnumMap<>(Rejection.class);
  private final Map<String, Case> cases = new LinkedHashMap<>();
  private int streams;
  private long entries;
  private long rejectedEntries;

  private static final class Case {
    final Rejection kind;
    final String first;
    long count;

    Case(Rejection kind, String first) {
      this.kind = kind;
      this.first = first;
    }
  }

  void stream() {
    streams++;
  }

  public void accepted(long count) {
    entries += count;
  }

  /**
   * @param word of the case, so that each is told once
   * @param count entries that are left out; a stream without any counts as one
   */
  public void rejected(Rejection kind, String word, long count, String reason) {
    rejectedEntries += count;
    rejected.merge(kind, count, Long::sum);
    if (cases.size() < MAX_KINDS || cases.containsKey(word)) {
      cases.computeIfAbsent(word, _ -> new Case(kind, reason)).count += count;
    }
  }

  /** Streams that were named, good or bad. */
  public int streams() {
    return streams;
  }

  public long entries() {
    return entries;
  }

  public long rejectedEntries() {
    return rejectedEntries;
  }

  public Map<Rejection, Long> rejectedByKind() {
    return rejected;
  }

  public String firstReason(Rejection kind) {
    return cases.values().stream()
        .filter(each -> each.kind == kind)
        .map(each -> each.first)
        .findFirst()
        .orElse("");
  }

  /** For the sender: the one reason, or each with how often it was. Empty when all is kept. */
  public String message() {
    if (cases.size() == 1) {
      return cases.values().iterator().next().first;
    }
    return cases.values().stream()
        .map(each -> each.count + " errors like: " + each.first)
        .collect(Collectors.joining("; "));
  }
}
