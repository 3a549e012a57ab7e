// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.manifest.PartId;
import java.nio.charset.StandardCharsets;
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
    out.int64(id.high());
    out.int64(id.low());
    string(out, tenant.value());
    out.int8(signal.code());
    out.zigzag(day.number());
    out.varint(summary.rows());
    out.zigzag(summary.minTimeMs());
    out.zigzag(summary.maxTimeMs());
    out.zigzag(summary.minPosition());
    out.zigzag(summary.maxPosition());
    out.varint(summary.level());
    out.varint(replaces.size());
    for (PartAddress replaced : replaces) {
      string(out, replaced.object());
      out.varint(replaced.offset());
    }
    byte[] compressed = wing.length < COMPRESS_FROM ? wing : Zstd.compress(wing, LEVEL);
    boolean smaller = compressed.length < wing.length;
    byte[] stored = smaller ? compressed : wing;
    out.int8(smaller ? PartFormat.ZSTD : PartFormat.RAW);
    out.varint(wing.length);
    out.sized(stored, 0, stored.length);
    return out.toByteArray();
  }

  static PartFooter decode(byte[] bytes, int offset, int length) {
    ByteReader in = new ByteReader(bytes, offset, offset + length);
    PartId id = new PartId(in.int64(), in.int64());
    TenantId tenant;
    Signal signal;
    UtcDay day;
    try {
      tenant = new TenantId(string(in));
      signal = Signal.ofCode(in.uint8());
      day = new UtcDay(Math.toIntExact(in.zigzag()));
    } catch (IllegalArgumentException | ArithmeticException e) {
      throw new DamagedBytes(String.valueOf(e.getMessage()));
    }
    PartWriter.Summary summary =
        new PartWriter.Summary(
            in.varint(), in.zigzag(), in.zigzag(), in.zigzag(), in.zigzag(), (int) in.varint());
    int replacedCount = in.count(in.remaining() / 2, "replaced parts");
    List<PartAddress> replaces = new ArrayList<>(replacedCount);
    for (int i = 0; i < replacedCount; i++) {
      replaces.add(new PartAddress(string(in), in.varint()));
    }
    byte[] wing = wing(in);
    if (in.remaining() != 0) {
      throw new DamagedBytes(in.remaining() + " bytes are left behind the footer");
    }
    return new PartFooter(id, tenant, signal, day, summary, replaces, wing);
  }

  private static void string(ByteWriter out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.sized(utf8, 0, utf8.length);
  }

  private static String string(ByteReader in) {
    return new String(in.sized(), StandardCharsets.UTF_8);
  }

  private static byte[] wing(ByteReader in) {
    int codec = in.uint8();
    long length = in.varint();
    if (length < 0 || length > PartFormat.MAX_FOOTER_LENGTH) {
      throw new DamagedBytes(
          "the wing's footer has "
              + Long.toUnsignedString(length)
              + " bytes, the limit is "
              + PartFormat.MAX_FOOTER_LENGTH);
    }
    byte[] stored = in.sized();
    if (codec == PartFormat.RAW && stored.length == length) {
      return stored;
    }
    if (codec != PartFormat.ZSTD) {
      throw new DamagedBytes(
          "the wing's footer has codec " + codec + " and " + stored.length + " bytes");
    }
    if (stored.length == 0 || Zstd.getFrameContentSize(stored) != length) {
      throw new DamagedBytes("the wing's footer does not have the " + length + " bytes it should");
    }
    try {
      byte[] wing = new byte[(int) length];
      if (Zstd.decompress(wing, stored) != length) {
        throw new DamagedBytes("the wing's footer is shorter than its " + length + " bytes");
      }
      return wing;
    } catch (ZstdException e) {
      throw new DamagedBytes("the wing's footer, zstd: " + e.getMessage());
    }
  }
}
