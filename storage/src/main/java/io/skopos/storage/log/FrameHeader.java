// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Frame;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * What stands before a frame's payload; layout in docs/formats/ingest-log.md. Header and payload
 * have checksums of their own: a good header makes the extent and times of a damaged payload known.
 *
 * @param withDictionary compressed against the segment's dictionary
 * @param continued the next frame belongs to the same append
 * @param payloadLength once decompressed
 * @param storedLength in the file
 */
record FrameHeader(
    TenantId tenant,
    Signal signal,
    Frame.Kind kind,
    int shard,
    long position,
    int rows,
    long minTimeMs,
    long maxTimeMs,
    boolean compressed,
    boolean withDictionary,
    boolean continued,
    int payloadLength,
    int storedLength,
    int payloadCrc) {

  /** {@code SKFR} in file order. */
  static final int MAGIC = 0x52464b53;

  /** Bytes before the tenant's name. */
  static final int FIXED_LENGTH = 64;

  static final int MAX_LENGTH = FIXED_LENGTH + TenantId.MAX_BYTES;

  /** No payload is longer, stored or not; a header that says otherwise is damaged. */
  static final int MAX_PAYLOAD = 64 << 20;

  private static final int COMPRESSED = 1;
  private static final int CONTINUED = 2;
  private static final int WITH_DICTIONARY = 4;

  int length() {
    return FIXED_LENGTH + tenant.value().length();
  }

  /** Header and payload in the file. */
  long extent() {
    return (long) length() + storedLength;
  }

  /** Writes the header at the buffer's position. */
  static void write(
      ByteBuffer buffer,
      EncodedFrame encoded,
      byte[] tenant,
      long salt,
      long position,
      boolean continued) {
    Frame frame = encoded.frame();
    int length = FIXED_LENGTH + tenant.length;
    int start = buffer.position();
    ByteBuffer header = buffer.slice(start, length).order(ByteOrder.LITTLE_ENDIAN);
    header.putInt(MAGIC).putInt(0);
    header.putShort((short) length);
    header.put(
        (byte)
            ((encoded.compressed() ? COMPRESSED : 0)
                | (continued ? CONTINUED : 0)
                | (encoded.dictionary() != null ? WITH_DICTIONARY : 0)));
    header.put((byte) frame.kind().code());
    header.put((byte) frame.signal().code());
    header.put((byte) tenant.length);
    header.putShort((short) frame.shard());
    header.putLong(position).putLong(frame.minTimeMs()).putLong(frame.maxTimeMs());
    header.putInt(frame.rows()).putInt(frame.payloadLength());
    header.putInt(encoded.storedLength()).putInt(encoded.crc());
    header.putLong(salt).put(tenant);
    header.putInt(4, checksum(header, length));
    buffer.position(start + length);
  }

  /**
   * Null when the bytes between position and limit do not begin with a whole, undamaged header of
   * this segment.
   */
  static @Nullable FrameHeader read(ByteBuffer bytes, long salt) {
    if (bytes.remaining() < FIXED_LENGTH) {
      return null;
    }
    ByteBuffer header = bytes.slice().order(ByteOrder.LITTLE_ENDIAN);
    int length = header.getShort(8) & 0xffff;
    int tenantLength = header.get(13) & 0xff;
    if (header.getInt(0) != MAGIC
        || length != FIXED_LENGTH + tenantLength
        || length > header.remaining()
        || header.getLong(56) != salt
        || header.getInt(4) != checksum(header, length)) {
      return null;
    }
    int payloadLength = header.getInt(44);
    int storedLength = header.getInt(48);
    if (payloadLength < 0
        || payloadLength > MAX_PAYLOAD
        || storedLength < 0
        || storedLength > MAX_PAYLOAD) {
      return null;
    }
    byte[] tenant = new byte[tenantLength];
    header.get(FIXED_LENGTH, tenant);
    int flags = header.get(10);
    try {
      return new FrameHeader(
          new TenantId(new String(tenant, StandardCharsets.US_ASCII)),
          Signal.ofCode(header.get(12)),
          Frame.Kind.ofCode(header.get(11)),
          header.getShort(14) & 0xffff,
          header.getLong(16),
          header.getInt(40),
          header.getLong(24),
          header.getLong(32),
          (flags & COMPRESSED) != 0,
          (flags & WITH_DICTIONARY) != 0,
          (flags & CONTINUED) != 0,
          payloadLength,
          storedLength,
          header.getInt(52));
    } catch (IllegalArgumentException e) {
      // The checksum fits, so a newer version wrote this; the caller names the stretch.
      return null;
    }
  }

  /** The salt field of what may be a header of at least the fixed length. */
  static long saltOf(ByteBuffer bytes) {
    return bytes.slice().order(ByteOrder.LITTLE_ENDIAN).getLong(56);
  }

  /** Over all but magic and checksum, which stand first. */
  static int checksum(ByteBuffer header, int length) {
    CRC32C crc = new CRC32C();
    crc.update(header.duplicate().position(8).limit(length));
    return (int) crc.getValue();
  }
}
