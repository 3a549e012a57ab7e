// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.index;

import io.skopos.model.Matcher;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.roaringbitmap.RoaringBitmap;

/** Evaluates matchers over a label index, as Prometheus does: a missing label has the value "". */
public final class LabelSelection {

  private LabelSelection() {}

  /** The series that fit all matchers; all series for an empty list. */
  public static RoaringBitmap select(LabelIndex index, List<Matcher> matchers) throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The label names that series of {@code among} carry, each once, in the index' order. */
  public static void labelNames(LabelIndex index, RoaringBitmap among, Consumer<String> names)
      throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }

  /** The values of {@code name} that series of {@code among} carry, each once. */
  public static void labelValues(
      LabelIndex index, String name, RoaringBitmap among, Consumer<String> values)
      throws IOException {
    throw new UnsupportedOperationException("not built yet");
  }
}
