// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDictCompress;
import com.github.luben.zstd.ZstdDictContentType;
import com.github.luben.zstd.ZstdDictDecompress;
import io.skopos.storage.disk.DiskReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Pieces of earlier payloads that the frames of a segment are compressed against: frames repeat
 * each other's label text far more than their own. It stands twice behind the segment's header, so
 * that one flipped byte does not cost the segment; layout in docs/formats/ingest-log.md. Immutable;
 * the native forms go with the last frame or context that refers to them.
 */
final class SegmentDictionary {

  /** {@code SKLD} in file order. */
  private static final int MAGIC = 0x444c4b53;

  private static final int HEADER = 32;

  /** No dictionary is longer. */
  static final int MAX_LENGTH = 1 << 20;

  /** For short payloads, most of which the dictionary has. */
  private static final int LEVEL = 3;

  /** For long ones, which find most in themselves: nearly as small, in half the time. */
  private static final int FAST_LEVEL = 1;

  private static final int LONG_PAYLOAD = 8 << 10;

  /** For what is compressed once and written often. */
  private static final int REPEATED_LEVEL = 6;

  private final byte[] stored;
  private final int length;
  private final ZstdDictDecompress decompression;
  private final Prepared compression;
  private final Prepared fastCompression;
  private final Prepared repeatedCompression;

  /** The dictionary as a level wants it, some MiB of native memory: made when it is asked for. */
  private static final class Prepared {

    private final byte @Nullable [] raw;
    private final int level;
    private volatile @Nullable ZstdDictCompress made;

    /**
     * @param raw null when nothing is compressed against it any more
     */
    Prepared(byte @Nullable [] raw, int level) {
      this.raw = raw;
      this.level = level;
    }

    ZstdDictCompress get() {
      ZstdDictCompress now = made;
      return now == null ? make() : now;
    }

    private synchronized ZstdDictCompress make() {
      if (raw == null) {
        throw new IllegalStateException("this dictionary was read from a segment");
      }
      ZstdDictCompress now = made;
      if (now == null) {
        now = new ZstdDictCompress(raw, level, ZstdDictContentType.RAW_CONTENT);
        made = now;
      }
      return now;
    }
  }

  private SegmentDictionary(byte[] raw, byte[] stored, boolean writing) {
    byte @Nullable [] content = writing ? raw : null;
    this.stored = stored;
    this.length = raw.length;
    this.decompression = new ZstdDictDecompress(raw, ZstdDictContentType.RAW_CONTENT);
    this.compression = new Prepared(content, LEVEL);
    this.fastCompression = new Prepared(content, FAST_LEVEL);
    this.repeatedCompression = new Prepared(content, REPEATED_LEVEL);
  }

  /** For segments to come. */
  static SegmentDictionary of(byte[] raw) {
    return new SegmentDictionary(raw, Zstd.compress(raw, LEVEL), true);
  }

  /** Bytes of both copies in a segment. */
  int extent() {
    return 2 * (HEADER + stored.length);
  }

  /** With the level that fits a payload of this length. */
  ZstdDictCompress compression(int length) {
    return length >= LONG_PAYLOAD ? fastCompression.get() : compression.get();
  }

  /** For {@link io.skopos.storage.RepeatedBytes}. */
  ZstdDictCompress repeatedCompression() {
    return repeatedCompression.get();
  }

  ZstdDictDecompress decompression() {
    return decompression;
  }

  /** Both copies as they follow the header of the segment with this salt. */
  ByteBuffer encoded(long salt) {
    ByteBuffer bytes = ByteBuffer.allocate(extent()).order(ByteOrder.LITTLE_ENDIAN);
    for (int copy = 0; copy < 2; copy++) {
      int start = bytes.position();
      bytes.putInt(MAGIC).putInt(0).putInt(length).putInt(stored.length);
      bytes.putInt(crc(stored, 0, stored.length)).putInt(0).putLong(salt);
      bytes.putInt(start + 4, crc(bytes.array(), start + 8, HEADER - 8));
      bytes.put(stored);
    }
    return bytes.flip();
  }

  /**
   * @param dictionary null when the segment has none, or both copies are damaged
   * @param framesAt where to look for frames: behind the copies, or where the first would stand
   *     when not both are as written
   */
  record Found(@Nullable SegmentDictionary dictionary, long framesAt) {}

  /**
   * Looks for the copies behind a segment's header.
   *
   * @param end of the segment
   * @param salt null when the header is lost
   */
  static Found find(DiskReader reader, long end, @Nullable Long salt) throws IOException {
    int limit = (int) Math.min(end - SegmentHeader.LENGTH, 2L * (HEADER + MAX_LENGTH));
    if (limit < HEADER) {
      return new Found(null, SegmentHeader.LENGTH);
    }
    // Most segments without a dictionary are small or old: look at the first bytes alone first.
    ByteBuffer first = ByteBuffer.allocate(HEADER);
    reader.readFully(SegmentHeader.LENGTH, first);
    if (first.order(ByteOrder.LITTLE_ENDIAN).getInt(0) == FrameHeader.MAGIC) {
      return new Found(null, SegmentHeader.LENGTH);
    }
    byte[] bytes = new byte[limit];
    reader.readFully(SegmentHeader.LENGTH, ByteBuffer.wrap(bytes));
    @Nullable SegmentDictionary dictionary = null;
    int whole = 0;
    int at = 0;
    while (at + HEADER <= limit) {
      int stored = storedLength(bytes, at, salt);
      @Nullable SegmentDictionary own = stored < 0 ? null : read(bytes, at, stored);
      if (own == null) {
        at++;
        continue;
      }
      boolean inFront = at == 0;
      dictionary = own;
      whole++;
      at += HEADER + stored;
      if (!inFront) {
        break;
      }
    }
    return new Found(dictionary, SegmentHeader.LENGTH + (whole == 2 ? at : 0));
  }

  /** -1 when no copy's header begins here. */
  private static int storedLength(byte[] bytes, int at, @Nullable Long salt) {
    ByteBuffer header = ByteBuffer.wrap(bytes, at, HEADER).slice().order(ByteOrder.LITTLE_ENDIAN);
    if (header.getInt(0) != MAGIC
        || header.getInt(4) != crc(bytes, at + 8, HEADER - 8)
        || (salt != null && header.getLong(24) != salt)) {
      return -1;
    }
    int stored = header.getInt(12);
    int length = header.getInt(8);
    boolean fits = stored >= 0 && stored <= bytes.length - at - HEADER;
    return fits && length >= 0 && length <= MAX_LENGTH ? stored : -1;
  }

  private static @Nullable SegmentDictionary read(byte[] bytes, int at, int storedLength) {
    ByteBuffer header = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    if (crc(bytes, at + HEADER, storedLength) != header.getInt(at + 16)) {
      return null;
    }
    byte[] stored = new byte[storedLength];
    System.arraycopy(bytes, at + HEADER, stored, 0, storedLength);
    byte[] raw = PayloadCompression.decompress(stored, header.getInt(at + 8), null);
    return raw == null ? null : new SegmentDictionary(raw, stored, false);
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
