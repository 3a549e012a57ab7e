// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a collector that is killed again and again has delivered, and what of it came twice. An
 * entry must never come again with another time or file, nor after a durable position covered it.
 * Used under a lock of the caller.
 */
final class TailLedger {

  private final Map<String, String> byLine = new HashMap<>();
  private final Set<String> covered = new HashSet<>();
  private final Set<String> ofThisLife = new HashSet<>();
  private final List<String> changed = new ArrayList<>();
  private final List<String> repeatedInVain = new ArrayList<>();
  private int repeats;

  /** The collector begins once more; what was not covered may come again. */
  void started() {
    ofThisLife.clear();
  }

  /**
   * An entry came.
   *
   * @param identity its file and time
   */
  void delivered(String identity, String line) {
    String first = byLine.putIfAbsent(line, identity);
    if (first != null) {
      repeats++;
      if (!first.equals(identity)) {
        changed.add(line + ": " + first + ", then " + identity);
      } else if (covered.contains(line)) {
        repeatedInVain.add(line + ": " + identity);
      }
    }
    ofThisLife.add(line);
  }

  /** Positions became durable; they cover all that came since the start. */
  void durable() {
    covered.addAll(ofThisLife);
    ofThisLife.clear();
  }

  int lines() {
    return byLine.size();
  }

  boolean hasAll(List<String> wanted) {
    return byLine.size() >= wanted.size() && byLine.keySet().containsAll(wanted);
  }

  /** What of the wanted did not come. */
  List<String> missing(List<String> wanted) {
    return wanted.stream().filter(line -> !byLine.containsKey(line)).toList();
  }

  /** What came and is not wanted. */
  Set<String> foreign(List<String> wanted) {
    Set<String> foreign = new TreeSet<>(byLine.keySet());
    wanted.forEach(foreign::remove);
    return foreign;
  }

  /** Lines that came with two times or files. */
  List<String> changed() {
    return changed;
  }

  /** Lines that came again though a durable position covered them. */
  List<String> repeatedInVain() {
    return repeatedInVain;
  }

  /** Lines that a durable position covered. */
  int covered() {
    return covered.size();
  }

  /** Entries that came again, as they were or not. */
  int repeats() {
    return repeats;
  }
}
