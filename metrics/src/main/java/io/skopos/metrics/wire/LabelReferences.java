// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Labels of remote write 2.0: pairs of references to symbols, for a name and its value. Reused. */
final class LabelReferences {

  /** Enough for {@link SeriesLabels} to refuse the series. */
  private static final int MAX_REFERENCES = 2 * SeriesLabels.MAX_LABELS + 2;

  private long[] references = new long[64];
  private int size;

  void clear() {
    size = 0;
  }

  /** Reads a repeated {@code uint32}, packed, or one value of it. */
  void read(ProtobufReader in, int tag, int end) throws MalformedMessage {
    if ((tag & 7) == ProtobufReader.VARINT) {
      add(in.varint(end, "a label's reference"));
      return;
    }
    int to = in.enter(end, "labels' references");
    while (in.at < to) {
      add(in.varint(to, "a label's reference"));
    }
  }

  private void add(long symbol) {
    if (size == MAX_REFERENCES) {
      return;
    }
    if (size == references.length) {
      references = Arrays.copyOf(references, size * 2);
    }
    references[size++] = symbol;
  }

  /** The symbol of a label's value; only after {@link #resolve} found nothing wrong. */
  int value(int label) {
    return (int) references[2 * label + 1];
  }

  /** Adds the labels to {@code into}, as far as they can be told; null, or what is wrong. */
  @Nullable String resolve(SymbolTable symbols, SeriesLabels into) {
    String problem = null;
    for (int i = 0; i + 1 < size; i += 2) {
      long name = references[i];
      long value = references[i + 1];
      if (!symbols.has(name) || !symbols.has(value)) {
        problem =
            "its label "
                + i / 2
                + " refers to symbol "
                + Long.toUnsignedString(symbols.has(name) ? value : name)
                + ", there are "
                + symbols.size();
        continue;
      }
      into.add(
          symbols.from((int) name),
          symbols.to((int) name),
          symbols.from((int) value),
          symbols.to((int) value));
    }
    return (size & 1) == 0
        ? problem
        : "its " + size + " label references are not pairs of name and value";
  }
}
