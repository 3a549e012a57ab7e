// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import com.github.luben.zstd.Zstd;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.manifest.PartId;
import io.skopos.storage.manifest.PartKeys;
import io.skopos.storage.objects.ObjectWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;

/** Gathers pages in a buffer and writes them to one object. */
final class StoredPartWriter implements PartWriter {

  private static final int BUFFER = 256 << 10;

  private final PartId id;
  private final String key;
  private final TenantId tenant;
  private final Signal signal;
  private final UtcDay day;
  private final List<PartAddress> replaces;
  private final ObjectWriter object;
  private final Compression compression;
  private final PageChecksum checksum = new PageChecksum();
  private byte[] buffer = new byte[BUFFER];
  private int buffered;
  private boolean finished;

  StoredPartWriter(
      PartId id,
      TenantId tenant,
      Signal signal,
      UtcDay day,
      List<PartEntry> replaces,
      ObjectWriter object,
      Compression compression) {
    this.id = id;
    this.key = PartKeys.of(tenant, signal, day, id);
    this.tenant = tenant;
    this.signal = signal;
    this.day = day;
    this.replaces = replaces.stream().map(PartAddress::of).toList();
    this.object = object;
    this.compression = compression;
    append(header());
  }

  @Override
  public PageRef page(byte[] bytes, int offset, int length, Codec codec) throws IOException {
    if (length > PageRef.MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a page of " + length + " bytes, the limit is " + PageRef.MAX_LENGTH);
    }
    long most = Math.max(length, Zstd.compressBound(length)) + PartFormat.PAGE_OVERHEAD;
    room((int) most);
    long pageOffset = position();
    int start = buffered;
    int body = start + 1;
    int stored =
        codec == Codec.RAW
            ? -1
            : compression.compress(
                bytes, offset, length, buffer, body, codec == Codec.COMPRESSED_SMALL);
    if (stored < 0) {
      buffer[start] = PartFormat.RAW;
      System.arraycopy(bytes, offset, buffer, body, length);
      stored = length;
    } else {
      buffer[start] = PartFormat.ZSTD;
    }
    int crc = checksum.at(id, pageOffset, length).of(buffer, start, stored + 1);
    buffered = body + stored;
    for (int shift = 0; shift < 32; shift += 8) {
      buffer[buffered++] = (byte) (crc >>> shift);
    }
    return new PageRef(pageOffset, buffered - start, length);
  }

  @Override
  public long position() {
    return object.length() + buffered;
  }

  @Override
  public PartEntry finish(byte[] footer, Summary summary) throws IOException {
    if (finished) {
      throw new IllegalStateException("part " + key + " was finished before");
    }
    if (footer.length > PartFormat.MAX_FOOTER_LENGTH / 2) {
      throw new IllegalArgumentException(
          "a footer of "
              + footer.length
              + " bytes, the limit is "
              + PartFormat.MAX_FOOTER_LENGTH / 2
              + "; larger indexes go into pages");
    }
    byte[] encoded = new PartFooter(id, tenant, signal, day, summary, replaces, footer).encode();
    long length = position() + encoded.length + PartFormat.TAIL_LENGTH;
    PartTail tail =
        new PartTail(
            length, encoded.length, PartTail.crc(encoded, 0, encoded.length), signal.code());
    flush();
    object.write(ByteBuffer.wrap(encoded), ByteBuffer.wrap(tail.encode()));
    object.finish();
    finished = true;
    return new PartEntry(
        key,
        0,
        length,
        summary.rows(),
        summary.minTimeMs(),
        summary.maxTimeMs(),
        summary.minPosition(),
        summary.maxPosition(),
        summary.level());
  }

  @Override
  public void close() {
    object.close();
  }

  private byte[] header() {
    ByteWriter out = new ByteWriter(PartFormat.HEADER_LENGTH);
    out.int32(PartFormat.MAGIC);
    out.int16(PartFormat.VERSION);
    out.int8(signal.code());
    out.int8(0);
    out.int64(id.high());
    out.int64(id.low());
    return out.toByteArray();
  }

  private void append(byte[] bytes) {
    System.arraycopy(bytes, 0, buffer, buffered, bytes.length);
    buffered += bytes.length;
  }

  private void room(int bytes) throws IOException {
    if (bytes > buffer.length - buffered) {
      flush();
      if (bytes > buffer.length) {
        buffer = Arrays.copyOf(buffer, bytes);
      }
    }
  }

  private void flush() throws IOException {
    object.write(ByteBuffer.wrap(buffer, 0, buffered));
    buffered = 0;
  }
}
