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
  private final DamagedFiles damagedFiles;
  private final PageDecoder.Pool decoders;

  PartSource(ObjectStore objects, DamagedFiles damagedFiles, PageDecoder.Pool decoders) {
    this.objects = objects;
    this.damagedFiles = damagedFiles;
    this.decoders = decoders;
  }

  /** One read of the tail, a second one when the footer is longer than that. */
  PartFooter readFooter(PartEntry entry) throws IOException {
    try {
      return readFooter(entry.object(), entry.offset(), entry.length());
    } catch (DamagedBytes | MissingObject | EOFException e) {
      throw damaged(entry, 0, entry.length(), "cannot be opened: " + e.getMessage());
    }
  }

  /** The footer of the part that ends at {@code offset + length} of the object. */
  PartFooter readFooter(String object, long offset, long length) throws IOException {
    if (offset < 0 || length < PartFormat.HEADER_LENGTH + PartFormat.TAIL_LENGTH) {
      throw new DamagedBytes("a part of " + length + " bytes at " + offset);
    }
    byte[] end = new byte[(int) Math.min(length, PartFormat.TAIL_READ)];
    objects.getRange(object, offset + length - end.length, ByteBuffer.wrap(end));
    PartTail tail = PartTail.decode(end, end.length - PartFormat.TAIL_LENGTH);
    if (tail.partLength() != length) {
      throw new DamagedBytes(
          "it says it has " + tail.partLength() + " bytes, the manifest says " + length);
    }
    byte[] bytes = end;
    int footerAt = end.length - PartFormat.TAIL_LENGTH - tail.footerLength();
    if (footerAt < 0) {
      bytes = new byte[tail.footerLength()];
      footerAt = 0;
      objects.getRange(
          object, offset + length - PartFormat.TAIL_LENGTH - bytes.length, ByteBuffer.wrap(bytes));
    }
    if (PartTail.crc(bytes, footerAt, tail.footerLength()) != tail.footerChecksum()) {
      throw new DamagedBytes("the footer's checksum does not fit");
    }
    PartFooter footer = PartFooter.decode(bytes, footerAt, tail.footerLength());
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
      objects.getRange(entry.object(), entry.offset() + offset, stored);
      decoder.decode(id, offset, into);
    } catch (DamagedBytes | MissingObject | EOFException e) {
      throw damaged(entry, offset, storedLength, "page: " + e.getMessage());
    } finally {
      decoders.giveBack(decoder);
    }
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
