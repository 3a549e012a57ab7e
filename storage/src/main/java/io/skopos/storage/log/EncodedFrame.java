// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.skopos.storage.Frame;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * A frame with its payload as it will stand in the file. Made by the caller's thread, so that the
 * log's thread has only to copy.
 *
 * @param stored the frame's own payload, or its compressed form
 * @param dictionary that the payload is compressed against; null for none
 */
record EncodedFrame(
    Frame frame,
    byte[] stored,
    int storedLength,
    boolean compressed,
    @Nullable SegmentDictionary dictionary,
    int crc) {

  /** Below this, zstd's own header eats what it saves. */
  private static final int WORTH_TRYING = 256;

  private static final int WORTH_TRYING_WITH_DICTIONARY = 64;

  /**
   * @param compression null to store the payload as it is
   * @param dictionary of the segment that the frame will probably be in
   */
  static EncodedFrame of(
      Frame frame,
      @Nullable PayloadCompression compression,
      @Nullable SegmentDictionary dictionary) {
    byte[] stored = frame.payload();
    int length = frame.payloadLength();
    boolean compressed = false;
    int worthTrying = dictionary == null ? WORTH_TRYING : WORTH_TRYING_WITH_DICTIONARY;
    if (compression != null && length >= worthTrying) {
      PayloadCompression.Compressed smaller = compression.compress(frame, dictionary);
      if (smaller.length() <= length - length / 8) {
        stored = smaller.bytes();
        length = smaller.length();
        compressed = true;
      }
    }
    CRC32C crc = new CRC32C();
    crc.update(stored, 0, length);
    return new EncodedFrame(
        frame, stored, length, compressed, compressed ? dictionary : null, (int) crc.getValue());
  }

  /** Whether it can be written to a segment with this dictionary. */
  boolean fits(@Nullable SegmentDictionary ofSegment) {
    return dictionary == null || dictionary == ofSegment;
  }

  long extent() {
    return FrameHeader.FIXED_LENGTH + (long) frame.tenant().value().length() + storedLength;
  }
}
