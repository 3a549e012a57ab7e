// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.encoding.ByteReader;
import io.skopos.storage.encoding.ByteWriter;
import io.skopos.storage.encoding.MalformedBytes;
import java.util.ArrayList;
import java.util.List;

/**
 * What a part says about itself, enough to put a manifest together again: whose rows it holds and
 * which, what it replaced, and the wing's own footer.
 *
 * @param replaces the merged parts
 * @param wing the wing's bytes, not compressed
 */
record PartFooter(
    PartId id,
    TenantId tenant,
    Signal signal,
    UtcDay day,
    PartWriter.Summary summary,
    List<PartAddress> replaces,
    byte[] wing) {

  /** Shorter ones are stored as they are. */
  private static final int COMPRESS_FROM = 256;

  private static final int LEVEL = 3;

  byte[] encode() {
    ByteWriter out = new ByteWriter(wing.length / 2 + 256);
    out.i64(id.high()).i64(id.low());
    out.string(tenant.value()).u8(signal.code()).zigzag(day.number());
    out.varint(summary.rows());
    out.zigzag(summary.minTimeMs()).zigzag(summary.maxTimeMs());
    out.zigzag(summary.minPosition()).zigzag(summary.maxPosition());
    out.varint(summary.level());
    out.varint(replaces.size());
    for (PartAddress replaced : replaces) {
      out.string(replaced.object()).varint(replaced.offset());
    }
    byte[] compressed = wing.length < COMPRESS_FROM ? wing : Zstd.compress(wing, LEVEL);
    boolean smaller = compressed.length < wing.length;
    out.u8(smaller ? PartFormat.ZSTD : PartFormat.RAW);
    out.varint(wing.length);
    out.block(smaller ? compressed : wing);
    return out.toByteArray();
  }

  static PartFooter decode(byte[] bytes, int offset, int length) throws MalformedBytes {
    ByteReader in = new ByteReader(bytes, offset, length);
    PartId id = new PartId(in.i64(), in.i64());
    TenantId tenant;
    Signal signal;
    UtcDay day;
    try {
      tenant = new TenantId(in.string());
      signal = Signal.ofCode(in.u8());
      day = new UtcDay(Math.toIntExact(in.zigzag()));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new MalformedBytes(String.valueOf(e.getMessage()));
    }
    PartWriter.Summary summary =
        new PartWriter.Summary(
            in.varint(), in.zigzag(), in.zigzag(), in.zigzag(), in.zigzag(), (int) in.varint());
    int replacedCount = in.count(2);
    List<PartAddress> replaces = new ArrayList<>(replacedCount);
    for (int i = 0; i < replacedCount; i++) {
      replaces.add(new PartAddress(in.string(), in.varint()));
    }
    byte[] wing = wing(in);
    in.expectEnd();
    return new PartFooter(id, tenant, signal, day, summary, replaces, wing);
  }

  private static byte[] wing(ByteReader in) throws MalformedBytes {
    int codec = in.u8();
    long length = in.varint();
    if (length < 0 || length > PartFormat.MAX_FOOTER_LENGTH) {
      throw new MalformedBytes(
          "the wing's footer has "
              + Long.toUnsignedString(length)
              + " bytes, the limit is "
              + PartFormat.MAX_FOOTER_LENGTH);
    }
    byte[] stored = in.block();
    if (codec == PartFormat.RAW && stored.length == length) {
      return stored;
    }
    if (codec != PartFormat.ZSTD) {
      throw new MalformedBytes(
          "the wing's footer has codec " + codec + " and " + stored.length + " bytes");
    }
    try {
      byte[] wing = new byte[(int) length];
      if (Zstd.decompress(wing, stored) != length) {
        throw new MalformedBytes("the wing's footer is shorter than its " + length + " bytes");
      }
      return wing;
    } catch (ZstdException e) {
      throw new MalformedBytes("the wing's footer, zstd: " + e.getMessage());
    }
  }
}
