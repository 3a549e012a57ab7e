// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.skopos.storage.disk.DiskReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * Reads a segment's frames from beginning to end, passing over padding, and stepping over what is
 * damaged to the next whole frame. Not thread-safe.
 */
final class SegmentScan {

  private static final int READ_SIZE = 4 << 20;
  private static final int SECTOR = 4096;

  private final DiskReader reader;
  private final long end;
  private @Nullable Long salt;
  private byte[] window = new byte[READ_SIZE];
  private long windowStart;
  private int windowLength;
  private long at;
  private @Nullable FrameHeader header;
  private byte[] stored = new byte[0];
  private long badStart;
  private long badEnd;
  private @Nullable FrameHeader badHeader;

  /**
   * @param end where the segment ends, as its successor or the file's size says
   * @param salt null when the segment's header is lost; the first whole frame then tells it
   */
  SegmentScan(DiskReader reader, long start, long end, @Nullable Long salt) {
    this.reader = reader;
    this.at = start;
    this.end = end;
    this.salt = salt;
  }

  /**
   * Goes to the next whole frame; false at the end. What was stepped over on the way lies between
   * {@link #badStart} and {@link #badEnd}.
   */
  boolean next() throws IOException {
    badStart = at;
    badEnd = at;
    badHeader = null;
    while (at < end) {
      FrameHeader candidate = headerAt(at);
      if (candidate != null && at + candidate.extent() <= end) {
        long payloadAt = at + candidate.length();
        byte[] bytes = bytesAt(payloadAt, candidate.storedLength());
        at += candidate.extent();
        if (crc(bytes) == candidate.payloadCrc()) {
          header = candidate;
          stored = bytes;
          return true;
        }
        badHeader = badHeader == null && badEnd == badStart ? candidate : null;
        badEnd = at;
        continue;
      }
      int padding = paddingAt(at);
      if (padding == 0) {
        at = nextMagic(at + 1);
        badHeader = null;
        badEnd = at;
      } else {
        at += padding;
        if (badEnd == badStart) {
          badStart = at;
          badEnd = at;
        }
      }
    }
    header = null;
    return false;
  }

  /** Behind the frame the scan stands on; at the end behind all that was read. */
  long position() {
    return at;
  }

  FrameHeader header() {
    if (header == null) {
      throw new IllegalStateException("the scan stands on no frame");
    }
    return header;
  }

  /** The frame's payload as stored; the caller's from now on. */
  byte[] stored() {
    return stored;
  }

  long badStart() {
    return badStart;
  }

  long badEnd() {
    return badEnd;
  }

  /** The header of the one frame stepped over, when its payload alone was damaged. */
  @Nullable FrameHeader badHeader() {
    return badHeader;
  }

  private @Nullable FrameHeader headerAt(long offset) throws IOException {
    int length = (int) Math.min(FrameHeader.MAX_LENGTH, end - offset);
    if (length < FrameHeader.FIXED_LENGTH) {
      return null;
    }
    fill(offset, length);
    int start = (int) (offset - windowStart);
    ByteBuffer bytes = ByteBuffer.wrap(window, start, length);
    long expected = salt == null ? FrameHeader.saltOf(bytes) : salt;
    FrameHeader found = FrameHeader.read(bytes, expected);
    if (found != null) {
      salt = expected;
    }
    return found;
  }

  /** The length of the padding there, 0 for none; not found while the salt is not known. */
  private int paddingAt(long offset) throws IOException {
    if (salt == null || end - offset < GroupPadding.HEADER_LENGTH) {
      return 0;
    }
    fill(offset, GroupPadding.HEADER_LENGTH);
    int start = (int) (offset - windowStart);
    int padding =
        GroupPadding.read(ByteBuffer.wrap(window, start, GroupPadding.HEADER_LENGTH), salt);
    return offset + padding <= end ? padding : 0;
  }

  private byte[] bytesAt(long offset, int length) throws IOException {
    if (length > READ_SIZE / 2) {
      byte[] bytes = new byte[length];
      read(offset, bytes, length);
      return bytes;
    }
    fill(offset, length);
    int start = (int) (offset - windowStart);
    return Arrays.copyOfRange(window, start, start + length);
  }

  /** Where the next frame might begin, at or behind {@code from}. */
  private long nextMagic(long from) throws IOException {
    for (long offset = from; offset + FrameHeader.FIXED_LENGTH <= end; ) {
      fill(offset, FrameHeader.FIXED_LENGTH);
      int limit = windowLength - 3;
      for (int i = (int) (offset - windowStart); i < limit; i++) {
        if (window[i] == 'S'
            && window[i + 1] == 'K'
            && window[i + 2] == 'F'
            && window[i + 3] == 'R') {
          return windowStart + i;
        }
      }
      offset = windowStart + limit;
    }
    return end;
  }

  private void fill(long offset, int length) throws IOException {
    if (offset >= windowStart && offset + length <= windowStart + windowLength) {
      return;
    }
    windowStart = offset;
    windowLength = 0;
    int wanted = (int) Math.min(READ_SIZE, end - offset);
    read(offset, window, wanted);
    windowLength = wanted;
  }

  /** What the disk cannot read becomes zeros, sector by sector, and so a damaged stretch. */
  private void read(long offset, byte[] into, int length) throws IOException {
    try {
      reader.readFully(offset, ByteBuffer.wrap(into, 0, length));
    } catch (IOException whole) {
      for (int start = 0; start < length; start += SECTOR) {
        int piece = Math.min(SECTOR, length - start);
        try {
          reader.readFully(offset + start, ByteBuffer.wrap(into, start, piece));
        } catch (IOException sector) {
          Arrays.fill(into, start, start + piece, (byte) 0);
        }
      }
    }
  }

  private static int crc(byte[] bytes) {
    CRC32C crc = new CRC32C();
    crc.update(bytes);
    return (int) crc.getValue();
  }
}
