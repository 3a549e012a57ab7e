// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.manifest.PartId;
import io.skopos.storage.objects.MissingObject;
import io.skopos.storage.objects.ObjectStore;
import java.io.EOFException;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads footers and pages from the object store, verifies them and reports what is damaged. */
final class PartSource {

  private final ObjectStore objects;
  private final PartBytes bytes;
  private final DamagedFiles damagedFiles;
  private final PageDecoder.Pool decoders;

  PartSource(
      ObjectStore objects, PartBytes bytes, DamagedFiles damagedFiles, PageDecoder.Pool decoders) {
    this.objects = objects;
    this.bytes = bytes;
    this.damagedFiles = damagedFiles;
    this.decoders = decoders;
  }

  /** One read of the tail, a second one when the footer is longer than that. */
  PartFooter readFooter(PartEntry entry) throws IOException {
    try {
      return readFooter(entry.length(), (at, into) -> bytes.read(entry, at, into));
    } catch (DamagedBytes | MissingObject | EOFException e) {
      throw damaged(entry, 0, entry.length(), "cannot be opened: " + e.getMessage());
    }
  }

  /** The footer of the part that ends at {@code offset + length} of a local object. */
  PartFooter readFooter(String object, long offset, long length) throws IOException {
    if (offset < 0) {
      throw new DamagedBytes("a part of " + length + " bytes at " + offset);
    }
    return readFooter(length, (at, into) -> objects.getRange(object, offset + at, into));
  }

  /** Reads bytes of one part. */
  @FunctionalInterface
  private interface OnePart {
    void read(long offset, ByteBuffer into) throws IOException;
  }

  private static PartFooter readFooter(long length, OnePart part) throws IOException {
    if (length < PartFormat.HEADER_LENGTH + PartFormat.TAIL_LENGTH) {
      throw new DamagedBytes("a part of " + length + " bytes");
    }
    byte[] end = new byte[(int) Math.min(length, PartFormat.TAIL_READ)];
    part.read(length - end.length, ByteBuffer.wrap(end));
    PartTail tail = PartTail.decode(end, end.length - PartFormat.TAIL_LENGTH);
    if (tail.partLength() != length) {
      throw new DamagedBytes(
          "it says it has " + tail.partLength() + " bytes, the manifest says " + length);
    }
    byte[] footerBytes = end;
    int footerAt = end.length - PartFormat.TAIL_LENGTH - tail.footerLength();
    if (footerAt < 0) {
      footerBytes = new byte[tail.footerLength()];
      footerAt = 0;
      part.read(length - PartFormat.TAIL_LENGTH - footerBytes.length, ByteBuffer.wrap(footerBytes));
    }
    if (PartTail.crc(footerBytes, footerAt, tail.footerLength()) != tail.footerChecksum()) {
      throw new DamagedBytes("the footer's checksum does not fit");
    }
    PartFooter footer = PartFooter.decode(footerBytes, footerAt, tail.footerLength());
    if (footer.signal().code() != tail.signalCode()) {
      throw new DamagedBytes("footer and tail speak of different signals");
    }
    return footer;
  }

  /** How long the part is that ends at {@code end} of the object. */
  long lengthOfPartEndingAt(String object, long end) throws IOException {
    if (end < PartFormat.HEADER_LENGTH + PartFormat.TAIL_LENGTH) {
      throw new DamagedBytes("no part fits into " + end + " bytes");
    }
    byte[] tail = new byte[PartFormat.TAIL_LENGTH];
    objects.getRange(object, end - tail.length, ByteBuffer.wrap(tail));
    long length = PartTail.decode(tail, 0).partLength();
    if (length > end) {
      throw new DamagedBytes("a part of " + length + " bytes ends at " + end);
    }
    return length;
  }

  /** Before anything is allocated for the page. */
  void checkPlace(PartEntry entry, PageRef ref) throws DamagedPart {
    long pagesEnd = entry.length() - PartFormat.TAIL_LENGTH;
    if (ref.offset() < PartFormat.HEADER_LENGTH
        || ref.storedLength() < PartFormat.PAGE_OVERHEAD
        || ref.offset() > pagesEnd - ref.storedLength()
        || ref.length() < 0
        || ref.length() > PageRef.MAX_LENGTH
        || ref.storedLength() - PartFormat.PAGE_OVERHEAD > ref.length()) {
      throw damaged(
          entry,
          ref.offset(),
          Math.max(0, ref.storedLength()),
          "no page of "
              + ref.length()
              + " bytes, "
              + ref.storedLength()
              + " stored, can lie there");
    }
  }

  void readPage(PartEntry entry, PartId id, long offset, int storedLength, MemorySegment into)
      throws IOException {
    PageDecoder decoder = decoders.take();
    try {
      ByteBuffer stored = decoder.buffer(storedLength);
      bytes.read(entry, offset, stored);
      decoder.decode(id, offset, into);
    } catch (DamagedBytes | MissingObject | EOFException e) {
      throw damaged(entry, offset, storedLength, "page: " + e.getMessage());
    } finally {
      decoders.giveBack(decoder);
    }
  }

  boolean isRemote(PartEntry entry) {
    return bytes.isRemote(entry);
  }

  void prefetch(PartEntry entry, long offset, long length) {
    bytes.prefetch(entry, offset, length);
  }

  /** Of an object met without a manifest: nothing is known but its size and its day. */
  void reportUnreadable(String object, UtcDay day, long bytes, @Nullable String what) {
    damagedFiles.report(
        DamagedFile.Kind.PART,
        object,
        "no part ends at " + bytes + ": " + what,
        new TimeRange(day.startMs(), day.endMs()),
        bytes);
  }

  /**
   * @param offset from the part's beginning
   */
  DamagedPart damaged(PartEntry entry, long offset, long bytes, String what) {
    long at = entry.offset() + offset;
    damagedFiles.report(
        DamagedFile.Kind.PART,
        entry.object(),
        "at " + at + ": " + what,
        entry.minTimeMs() <= entry.maxTimeMs()
            ? new TimeRange(entry.minTimeMs(), entry.maxTimeMs())
            : null,
        bytes);
    return new DamagedPart(
        "part " + entry.object() + " is damaged at " + at + " (" + bytes + " bytes): " + what,
        List.of(entry));
  }
}
