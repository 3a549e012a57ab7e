// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/** A bitmap from one list's ascending runs. */
final class BitmapBuilder implements LabelIndex.RunVisitor {

  private final RoaringBitmapWriter<RoaringBitmap> writer = RoaringBitmapWriter.writer().get();

  @Override
  public void run(int from, int to) {
    if (from == to) {
      writer.add(from);
    } else {
      writer.add((long) from, to + 1L);
    }
  }

  RoaringBitmap get() {
    return writer.get();
  }
}
