// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.skopos.storage.Frame;
import java.util.zip.CRC32C;

/**
 * A frame with its payload as it will stand in the file. Made by the caller's thread, so that the
 * log's thread has only to copy.
 *
 * @param stored the frame's own payload, or its compressed form
 */
record EncodedFrame(Frame frame, byte[] stored, int storedLength, boolean compressed, int crc) {

  /** Below this, zstd's own header eats what it saves. */
  private static final int WORTH_TRYING = 256;

  static EncodedFrame of(Frame frame, boolean tryCompression, PayloadCompression compression) {
    byte[] stored = frame.payload();
    int length = frame.payloadLength();
    boolean compressed = false;
    if (tryCompression && length >= WORTH_TRYING) {
      PayloadCompression.Compressed smaller = compression.compress(stored, length);
      if (smaller.length() <= length - length / 8) {
        stored = smaller.bytes();
        length = smaller.length();
        compressed = true;
      }
    }
    CRC32C crc = new CRC32C();
    crc.update(stored, 0, length);
    return new EncodedFrame(frame, stored, length, compressed, (int) crc.getValue());
  }

  long extent() {
    return FrameHeader.FIXED_LENGTH + (long) frame.tenant().value().length() + storedLength;
  }
}
