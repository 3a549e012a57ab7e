// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;

/** Attributes as labels: names translated, values as text. */
final class Attributes {

  private final ProtobufReader in;
  private final LabelNaming naming;
  private final AttributeText text;
  int keyFrom;
  int keyTo;
  int valueFrom;
  int valueTo;

  Attributes(ProtobufReader in, LabelNaming naming) {
    this.in = in;
    this.naming = naming;
    this.text = new AttributeText(in);
  }

  /** Finds key and value of the KeyValue at the given place. */
  void read(int from, int to) throws MalformedMessage {
    keyFrom = to;
    keyTo = to;
    valueFrom = to;
    valueTo = to;
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "KeyValue");
      switch (tag) {
        case AttributeText.KEY -> {
          keyTo = in.enter(to, "an attribute's key");
          keyFrom = in.at;
          in.at = keyTo;
        }
        case AttributeText.VALUE -> {
          valueTo = in.enter(to, "an attribute's value");
          valueFrom = in.at;
          in.at = valueTo;
        }
        default -> in.skip(tag, to, "KeyValue");
      }
    }
  }

  /** Adds the attribute read last as a label. */
  void addTo(LabelBuffer labels, int rank, byte[] prefix) throws MalformedMessage {
    labels.begin(rank);
    if (prefix.length > 0) {
      labels.append(prefix);
      for (int at = keyFrom; at < keyTo; at++) {
        // A name that does not begin here needs no "key" before it.
        naming.appendWithin(labels, in.bytes, at);
      }
    } else {
      if (!naming.isValid(in.bytes, keyFrom, keyTo)) {
        labels.append(in.bytes, keyFrom, keyTo - keyFrom);
        labels.sortedBefore();
      }
      naming.append(labels, in.bytes, keyFrom, keyTo);
    }
    labels.value();
    text.append(labels, valueFrom, valueTo);
    labels.end();
  }

  /** Appends the value read last. */
  void appendValue(LabelBuffer labels) throws MalformedMessage {
    text.append(labels, valueFrom, valueTo);
  }
}
