// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.rates;

import io.skopos.model.Labels;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.index.CanonicalLabels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A tenant's counts as they are stored: the content of its document (docs/formats/documents.md).
 *
 * @param labels that the groups are told apart by
 * @param positions per shard, up to where frames are counted; -1 for none
 * @param counts by group, lines by level, then bytes by level
 */
record StoredCounts(List<String> labels, long[] positions, Map<Labels, long[]> counts) {

  private static final int VERSION = 1;

  byte[] encode() {
    ByteWriter out = new ByteWriter(1024);
    out.int8(VERSION);
    out.varint(labels.size());
    for (String label : labels) {
      byte[] name = label.getBytes(StandardCharsets.UTF_8);
      out.sized(name, 0, name.length);
    }
    out.varint(positions.length);
    for (long position : positions) {
      out.varint(position + 1);
    }
    out.varint(counts.size());
    counts.forEach((group, values) -> {
      byte[] bytes = group.canonicalBytes();
      out.sized(bytes, 0, bytes.length);
      int levels = 0;
      for (int level = 0; level < Tally.LEVELS; level++) {
        levels |= values[level] > 0 ? 1 << level : 0;
      }
      out.int8(levels);
      for (int level = 0; level < Tally.LEVELS; level++) {
        if (values[level] > 0) {
          out.varint(values[level]);
          out.varint(values[Tally.LEVELS + level]);
        }
      }
    });
    return out.toByteArray();
  }

  /**
   * @throws DamagedBytes when it is none
   */
  static StoredCounts decode(byte[] bytes) {
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    int version = in.uint8();
    if (version != VERSION) {
      throw new DamagedBytes("version " + version + " is not " + VERSION + ", which is read here");
    }
    int labelCount = in.count(in.remaining(), "labels");
    List<String> labels = new ArrayList<>();
    for (int i = 0; i < labelCount; i++) {
      labels.add(new String(in.sized(), StandardCharsets.UTF_8));
    }
    long[] positions = new long[in.count(in.remaining(), "shards")];
    for (int i = 0; i < positions.length; i++) {
      positions[i] = in.varint() - 1;
    }
    int groups = in.count(in.remaining(), "groups");
    Map<Labels, long[]> counts = new LinkedHashMap<>();
    for (int i = 0; i < groups; i++) {
      byte[] group = in.sized();
      CanonicalLabels.check(group, 0, group.length, false);
      long[] values = Tally.zeros();
      int levels = in.uint8();
      for (int level = 0; level < Tally.LEVELS; level++) {
        if ((levels >> level & 1) != 0) {
          values[level] = in.varint();
          values[Tally.LEVELS + level] = in.varint();
        }
      }
      counts.put(Labels.ofCanonicalBytes(group), values);
    }
    return new StoredCounts(List.copyOf(labels), positions, counts);
  }
}
