// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.skopos.storage.Positions;
import io.skopos.storage.disk.Disk;
import io.skopos.storage.disk.DiskWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Appends groups to the newest segment: one copy of each payload into a staging buffer, one write
 * per full buffer, one sync per group. Used by the log's thread only.
 */
final class SegmentWriter {

  private final Segment segment;
  private final DiskWriter writer;
  private final long salt;
  private final @Nullable SegmentDictionary dictionary;
  private final ByteBuffer staging;

  private SegmentWriter(
      Segment segment,
      DiskWriter writer,
      long salt,
      @Nullable SegmentDictionary dictionary,
      ByteBuffer staging) {
    this.segment = segment;
    this.writer = writer;
    this.salt = salt;
    this.dictionary = dictionary;
    this.staging = staging;
  }

  /**
   * Creates the file with its header and dictionary, durably.
   *
   * @param dictionary null for none
   * @param staging direct, larger than any frame header and any padding; reused from segment to
   *     segment
   */
  static SegmentWriter create(
      Disk disk,
      Path directory,
      Segment segment,
      SegmentHeader header,
      @Nullable SegmentDictionary dictionary,
      ByteBuffer staging)
      throws IOException {
    DiskWriter writer = disk.create(segment.file());
    try {
      staging.clear();
      header.writeTo(staging);
      writer.write(staging.flip());
      if (dictionary != null) {
        writer.write(dictionary.encoded(header.salt()));
      }
      writer.sync();
      disk.syncDirectory(directory);
    } catch (IOException | RuntimeException e) {
      try {
        writer.close();
      } catch (IOException second) {
        e.addSuppressed(second);
      }
      throw e;
    }
    segment.length(SegmentHeader.LENGTH + (dictionary == null ? 0 : dictionary.extent()));
    return new SegmentWriter(segment, writer, header.salt(), dictionary, staging);
  }

  /** What frames written here may be compressed against. */
  @Nullable SegmentDictionary dictionary() {
    return dictionary;
  }

  Segment segment() {
    return segment;
  }

  /**
   * Writes and syncs; when it throws, nothing behind the segment's length may be trusted.
   *
   * @return the segment's new length
   */
  long write(List<AppendRequest> group, List<Positions> positions) throws IOException {
    long length = segment.length();
    staging.clear();
    for (int i = 0; i < group.size(); i++) {
      List<EncodedFrame> frames = group.get(i).encoded();
      for (int f = 0; f < frames.size(); f++) {
        EncodedFrame frame = frames.get(f);
        byte[] tenant = frame.frame().tenant().value().getBytes(StandardCharsets.US_ASCII);
        if (staging.remaining() < FrameHeader.FIXED_LENGTH + tenant.length) {
          flushStaging();
        }
        long position = positions.get(i).position(f);
        FrameHeader.write(staging, frame, tenant, salt, position, f + 1 < frames.size());
        stage(frame.stored(), frame.storedLength());
        length += frame.extent();
      }
    }
    int padding = GroupPadding.length(length, length - segment.length());
    if (padding > 0) {
      if (staging.remaining() < padding) {
        flushStaging();
      }
      GroupPadding.write(staging, padding, salt);
    }
    flushStaging();
    writer.sync();
    return length + padding;
  }

  private void stage(byte[] bytes, int length) throws IOException {
    int offset = 0;
    while (offset < length) {
      if (!staging.hasRemaining()) {
        flushStaging();
      }
      int piece = Math.min(staging.remaining(), length - offset);
      staging.put(bytes, offset, piece);
      offset += piece;
    }
  }

  private void flushStaging() throws IOException {
    staging.flip();
    if (staging.hasRemaining()) {
      writer.write(staging);
    }
    staging.clear();
  }

  void close() throws IOException {
    writer.close();
  }
}
