// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import java.util.Arrays;

/**
 * Brings names into byte order. Entries mostly have the same names in the same order as the one
 * before, so the permutation is kept until they do not.
 */
final class LabelShape {

  private LabelName[] names = new LabelName[16];
  private int[] places = new int[16];
  private int[] order = new int[16];
  private int size;
  private int sortedSize = -1;

  void begin() {
    size = 0;
  }

  void add(LabelName name, int place) {
    if (size == names.length) {
      names = Arrays.copyOf(names, size * 2);
      places = Arrays.copyOf(places, size * 2);
      order = Arrays.copyOf(order, size * 2);
    }
    if (names[size] != name) {
      names[size] = name;
      sortedSize = -1;
    }
    places[size] = place;
    size++;
  }

  void sort() {
    if (sortedSize == size) {
      return;
    }
    for (int i = 0; i < size; i++) {
      byte[] name = names[i].utf8;
      int at = i;
      while (at > 0 && Arrays.compareUnsigned(names[order[at - 1]].utf8, name) > 0) {
        order[at] = order[at - 1];
        at--;
      }
      order[at] = i;
    }
    sortedSize = size;
  }

  int size() {
    return size;
  }

  LabelName name(int i) {
    return names[order[i]];
  }

  int place(int i) {
    return places[order[i]];
  }
}
