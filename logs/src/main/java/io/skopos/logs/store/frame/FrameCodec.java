// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.frame;

import io.skopos.model.Labels;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.index.CanonicalLabels;

/** {@link FrameRows} as bytes and back (docs/formats/logs-frame.md). */
public final class FrameCodec {

  static final int VERSION = 1;

  private FrameCodec() {}

  /** All but the lines; the caller appends these. */
  static void encodeColumns(FrameRows rows, ByteWriter out) {
    out.int8(VERSION);
    out.varint(rows.streams().length);
    for (int stream = 0; stream < rows.streams().length; stream++) {
      byte[] labels = rows.streams()[stream].canonicalBytes();
      out.sized(labels, 0, labels.length);
      out.varint(rows.streamEnds()[stream] - rows.streamStart(stream));
    }
    long before = 0;
    for (long time : rows.timesNs()) {
      out.zigzag(time - before);
      before = time;
    }
    int start = 0;
    for (int end : rows.lineEnds()) {
      out.varint(end - start);
      start = end;
    }
    out.varint(rows.metadataSets().length);
    if (rows.metadataSets().length > 0) {
      for (Labels set : rows.metadataSets()) {
        out.sized(set.canonicalBytes(), 0, set.canonicalBytes().length);
      }
      for (int set : rows.metadata()) {
        out.varint(set);
      }
    }
  }

  /**
   * @param payload kept by the rows
   * @throws DamagedFrame when no encoder wrote this
   */
  public static FrameRows decode(byte[] payload, int length) {
    try {
      return decode(new ByteReader(payload, 0, length));
    } catch (DamagedBytes | IllegalArgumentException e) {
      throw new DamagedFrame(String.valueOf(e.getMessage()));
    }
  }

  private static FrameRows decode(ByteReader in) {
    int version = in.uint8();
    if (version != VERSION) {
      throw new DamagedBytes("version " + version + " is not " + VERSION + ", which is read here");
    }
    int streamCount = in.count(in.remaining() / 2, "streams");
    Labels[] streams = new Labels[streamCount];
    int[] streamEnds = new int[streamCount];
    int rows = 0;
    for (int stream = 0; stream < streamCount; stream++) {
      streams[stream] = labels(in, false);
      rows += in.count(in.remaining() / 2 - rows, "rows");
      streamEnds[stream] = rows;
    }
    long[] times = new long[rows];
    long time = 0;
    for (int row = 0; row < rows; row++) {
      time += in.zigzag();
      times[row] = time;
    }
    int[] lineEnds = new int[rows];
    int end = 0;
    for (int row = 0; row < rows; row++) {
      end += in.count(in.remaining() - end, "bytes of lines");
      lineEnds[row] = end;
    }
    Labels[] sets = new Labels[in.count(in.remaining(), "sets of metadata")];
    int[] metadata = new int[sets.length == 0 ? 0 : rows];
    for (int i = 0; i < sets.length; i++) {
      sets[i] = labels(in, true);
    }
    for (int row = 0; row < metadata.length; row++) {
      metadata[row] = in.count(sets.length, "sets of metadata");
    }
    if (in.remaining() != end) {
      throw new DamagedBytes(in.remaining() + " bytes of lines instead of " + end);
    }
    return new FrameRows(
        streams, streamEnds, times, lineEnds, in.array(), in.position(), sets, metadata);
  }

  private static Labels labels(ByteReader in, boolean emptyValues) {
    byte[] bytes = in.sized();
    CanonicalLabels.check(bytes, 0, bytes.length, emptyValues);
    return Labels.ofCanonicalBytes(bytes);
  }
}
