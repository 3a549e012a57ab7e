// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;

/**
 * The value of an attribute as the text of a label: strings as they are, bytes as base64, arrays
 * and maps as JSON with sorted keys.
 */
final class AttributeText {

  /** Values within values. */
  private static final int MAX_DEPTH = 16;

  private static final int STRING = 1 << 3 | ProtobufReader.LENGTH;
  private static final int BOOL = 2 << 3 | ProtobufReader.VARINT;
  private static final int INT = 3 << 3 | ProtobufReader.VARINT;
  private static final int DOUBLE = 4 << 3 | ProtobufReader.FIXED64;
  private static final int ARRAY = 5 << 3 | ProtobufReader.LENGTH;
  private static final int MAP = 6 << 3 | ProtobufReader.LENGTH;
  private static final int BYTES = 7 << 3 | ProtobufReader.LENGTH;

  static final int KEY = 1 << 3 | ProtobufReader.LENGTH;
  static final int VALUE = 2 << 3 | ProtobufReader.LENGTH;
  private static final int VALUES = 1 << 3 | ProtobufReader.LENGTH;

  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private final ProtobufReader in;

  AttributeText(ProtobufReader in) {
    this.in = in;
  }

  private record Entry(byte[] key, int valueFrom, int valueTo) {}

  /** Appends the AnyValue at the given place; nothing when it is empty. */
  void append(LabelBuffer into, int from, int to) throws MalformedMessage {
    append(into, from, to, false, 0);
  }

  private void append(LabelBuffer into, int from, int to, boolean json, int depth)
      throws MalformedMessage {
    int kind = 0;
    int valueFrom = 0;
    int valueTo = 0;
    long number = 0;
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "AnyValue");
      switch (tag) {
        case STRING, ARRAY, MAP, BYTES -> {
          valueTo = in.enter(to, "an attribute's value");
          valueFrom = in.at;
          in.at = valueTo;
          kind = tag;
        }
        case BOOL, INT -> {
          number = in.varint(to, "an attribute's value");
          kind = tag;
        }
        case DOUBLE -> {
          number = in.fixed64(to, "an attribute's value");
          kind = tag;
        }
        default -> in.skip(tag, to, "AnyValue");
      }
    }
    switch (kind) {
      case STRING -> string(into, in.bytes, valueFrom, valueTo, json);
      case BOOL -> ascii(into, number == 0 ? "false" : "true");
      case INT -> ascii(into, Long.toString(number));
      case DOUBLE -> real(into, Double.longBitsToDouble(number), json);
      case BYTES -> {
        byte[] encoded =
            Base64.getEncoder().encode(Arrays.copyOfRange(in.bytes, valueFrom, valueTo));
        string(into, encoded, 0, encoded.length, json);
      }
      case ARRAY -> array(into, valueFrom, valueTo, depth);
      case MAP -> map(into, valueFrom, valueTo, depth);
      default -> {
        if (json) {
          ascii(into, "null");
        }
      }
    }
    in.at = to;
  }

  private void array(LabelBuffer into, int from, int to, int depth) throws MalformedMessage {
    checkDepth(depth);
    into.append((byte) '[');
    boolean first = true;
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "ArrayValue");
      if (tag != VALUES) {
        in.skip(tag, to, "ArrayValue");
        continue;
      }
      int end = in.enter(to, "an array's value");
      if (!first) {
        into.append((byte) ',');
      }
      first = false;
      append(into, in.at, end, true, depth + 1);
    }
    into.append((byte) ']');
  }

  private void map(LabelBuffer into, int from, int to, int depth) throws MalformedMessage {
    checkDepth(depth);
    List<Entry> entries = new ArrayList<>();
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "KeyValueList");
      if (tag != VALUES) {
        in.skip(tag, to, "KeyValueList");
        continue;
      }
      entries.add(entry(in.enter(to, "a map's entry")));
    }
    entries.sort(Comparator.comparing(Entry::key, Arrays::compareUnsigned));
    into.append((byte) '{');
    for (int i = 0; i < entries.size(); i++) {
      Entry entry = entries.get(i);
      if (i > 0) {
        into.append((byte) ',');
      }
      string(into, entry.key, 0, entry.key.length, true);
      into.append((byte) ':');
      append(into, entry.valueFrom, entry.valueTo, true, depth + 1);
    }
    into.append((byte) '}');
  }

  private Entry entry(int end) throws MalformedMessage {
    byte[] key = {};
    int from = end;
    int to = end;
    while (in.at < end) {
      int tag = in.tag(end, "KeyValue");
      switch (tag) {
        case KEY -> {
          int keyEnd = in.enter(end, "a key");
          key = Arrays.copyOfRange(in.bytes, in.at, keyEnd);
          in.at = keyEnd;
        }
        case VALUE -> {
          to = in.enter(end, "a value");
          from = in.at;
          in.at = to;
        }
        default -> in.skip(tag, end, "KeyValue");
      }
    }
    return new Entry(key, from, to);
  }

  private void checkDepth(int depth) throws MalformedMessage {
    if (depth >= MAX_DEPTH) {
      throw in.malformed("an attribute's values are nested more than " + MAX_DEPTH + " deep");
    }
  }

  private static void string(LabelBuffer into, byte[] bytes, int from, int to, boolean json) {
    if (!json) {
      into.append(bytes, from, to - from);
      return;
    }
    into.append((byte) '"');
    for (int at = from; at < to; at++) {
      byte b = bytes[at];
      switch (b) {
        case '"', '\\' -> {
          into.append((byte) '\\');
          into.append(b);
        }
        case '\n' -> ascii(into, "\\n");
        case '\r' -> ascii(into, "\\r");
        case '\t' -> ascii(into, "\\t");
        default -> {
          if (b >= 0 && b < 0x20) {
            ascii(into, "\\u00");
            into.append(HEX[b >> 4]);
            into.append(HEX[b & 15]);
          } else {
            into.append(b);
          }
        }
      }
    }
    into.append((byte) '"');
  }

  private static void real(LabelBuffer into, double value, boolean json) {
    if (json && (Double.isNaN(value) || Double.isInfinite(value))) {
      ascii(into, '"' + DecimalText.of(value) + '"');
    } else {
      ascii(into, DecimalText.of(value));
    }
  }

  private static void ascii(LabelBuffer into, String text) {
    into.append(text.getBytes(StandardCharsets.US_ASCII));
  }
}
