// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.Exemplar;
import io.skopos.model.Labels;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;

/** The exemplars of a series: sorted by time, value and labels, each once. */
final class ExemplarEntry {

  private ExemplarEntry() {}

  static List<Exemplar> sorted(List<Exemplar> exemplars) {
    TreeSet<Exemplar> sorted = new TreeSet<>(Exemplar.ORDER);
    sorted.addAll(exemplars);
    return List.copyOf(sorted);
  }

  static void write(List<Exemplar> sorted, ByteWriter out) {
    long before = 0;
    for (Exemplar exemplar : sorted) {
      byte[] labels = exemplar.labels().canonicalBytes();
      out.zigzag(exemplar.timeMs() - before);
      out.int64(Double.doubleToRawLongBits(exemplar.value()));
      out.sized(labels, 0, labels.length);
      before = exemplar.timeMs();
    }
  }

  static List<Exemplar> read(ByteReader in) {
    List<Exemplar> exemplars = new ArrayList<>();
    long timeMs = 0;
    while (in.remaining() > 0) {
      timeMs += in.zigzag();
      double value = Double.longBitsToDouble(in.int64());
      byte[] labels = in.sized();
      checkLabels(labels);
      exemplars.add(new Exemplar(Labels.ofCanonicalBytes(labels), value, timeMs));
    }
    return exemplars;
  }

  private static void checkLabels(byte[] labels) {
    ByteReader in = new ByteReader(labels, 0, labels.length);
    int texts = 0;
    while (in.remaining() > 0) {
      in.skip(in.count(in.remaining(), "bytes of a label"));
      texts++;
    }
    if ((texts & 1) != 0) {
      throw new DamagedBytes("an exemplar's label has no value");
    }
  }
}
