// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.logs.LogsConfig;
import io.skopos.logs.wire.MetadataBuffer;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Attributes as labels of a stream or structured metadata; those of maps one by one, their names
 * joined by underscores. Not thread-safe.
 */
final class AttributeMetadata {

  private static final int KEY = 1 << 3 | ProtobufReader.LENGTH;
  private static final int VALUE = 2 << 3 | ProtobufReader.LENGTH;
  private static final int MAP = 6 << 3 | ProtobufReader.LENGTH;
  private static final int VALUES = 1 << 3 | ProtobufReader.LENGTH;
  private static final int MAX_DEPTH = 16;

  private final ProtobufReader in;
  private final AttributeText text;
  private @Nullable LogsConfig config;
  private List<byte[]> indexed = List.of();
  private List<byte[]> dropped = List.of();

  AttributeMetadata(ProtobufReader in, AttributeText text) {
    this.in = in;
    this.text = text;
  }

  /** From now on with a tenant's settings. */
  @SuppressWarnings("ReferenceEquality") // settings are the same object until they change
  void use(LogsConfig settings) {
    if (config != settings) {
      config = settings;
      indexed = keys(settings.otlpIndexAttributes());
      dropped = keys(settings.otlpDropAttributes());
    }
  }

  private static List<byte[]> keys(List<String> names) {
    return names.stream().map(name -> name.getBytes(StandardCharsets.UTF_8)).toList();
  }

  /** A KeyValue of a resource. */
  void addOfResource(int from, int to, MetadataBuffer labels, MetadataBuffer metadata)
      throws MalformedMessage {
    Place place = place(from, to);
    if (!isOneOf(dropped, place)) {
      add(new byte[0], place, isOneOf(indexed, place) ? labels : metadata, 0);
    }
  }

  /** A KeyValue of a scope or record. */
  void add(int from, int to, MetadataBuffer metadata) throws MalformedMessage {
    Place place = place(from, to);
    if (!isOneOf(dropped, place)) {
      add(new byte[0], place, metadata, 0);
    }
  }

  private record Place(int keyFrom, int keyTo, int valueFrom, int valueTo) {}

  private Place place(int from, int to) throws MalformedMessage {
    int keyFrom = to;
    int keyTo = to;
    int valueFrom = to;
    int valueTo = to;
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "KeyValue");
      switch (tag) {
        case KEY -> {
          keyTo = in.enter(to, "an attribute's key");
          keyFrom = in.at;
          in.at = keyTo;
        }
        case VALUE -> {
          valueTo = in.enter(to, "an attribute's value");
          valueFrom = in.at;
          in.at = valueTo;
        }
        default -> in.skip(tag, to, "KeyValue");
      }
    }
    return new Place(keyFrom, keyTo, valueFrom, valueTo);
  }

  private boolean isOneOf(List<byte[]> keys, Place place) {
    for (byte[] key : keys) {
      if (Arrays.equals(in.bytes, place.keyFrom, place.keyTo, key, 0, key.length)) {
        return true;
      }
    }
    return false;
  }

  private void add(byte[] prefix, Place place, MetadataBuffer into, int depth)
      throws MalformedMessage {
    int mapFrom = -1;
    int mapTo = -1;
    in.at = place.valueFrom;
    while (in.at < place.valueTo) {
      int tag = in.tag(place.valueTo, "AnyValue");
      if (tag == MAP) {
        mapTo = in.enter(place.valueTo, "a map");
        mapFrom = in.at;
        in.at = mapTo;
      } else {
        in.skip(tag, place.valueTo, "AnyValue");
      }
    }
    if (mapFrom < 0) {
      into.begin();
      if (prefix.length > 0) {
        into.name(prefix, 0, prefix.length);
        into.nameWithin(in.bytes, place.keyFrom, place.keyTo);
      } else {
        into.name(in.bytes, place.keyFrom, place.keyTo);
      }
      text.append(into.value(), place.valueFrom, place.valueTo);
      into.end();
      return;
    }
    if (depth >= MAX_DEPTH) {
      throw in.malformed("an attribute's values are nested more than " + MAX_DEPTH + " deep");
    }
    int keyLength = place.keyTo - place.keyFrom;
    byte[] inner = Arrays.copyOf(prefix, prefix.length + keyLength + 1);
    System.arraycopy(in.bytes, place.keyFrom, inner, prefix.length, keyLength);
    inner[inner.length - 1] = '_';
    int at = mapFrom;
    while (at < mapTo) {
      in.at = at;
      int tag = in.tag(mapTo, "KeyValueList");
      if (tag != VALUES) {
        in.skip(tag, mapTo, "KeyValueList");
        at = in.at;
        continue;
      }
      int end = in.enter(mapTo, "a map's entry");
      add(inner, place(in.at, end), into, depth + 1);
      at = end;
    }
  }
}
