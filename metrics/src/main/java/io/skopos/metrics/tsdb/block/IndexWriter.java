// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.model.Label;
import io.skopos.model.Labels;
import it.unimi.dsi.fastutil.ints.IntArrayList;
import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes an index of version 2. Its symbols stand in front of the series that use them, so the
 * series wait in a file of their own until all are known.
 */
final class IndexWriter implements Closeable {

  private static final int SERIES_ALIGNMENT = 16;

  private final Path folder;
  private final Path waiting;
  private final DataOutputStream series;

  /** By UTF-8 bytes, the order of the file; values become numbers when all are known. */
  private final TreeMap<byte[], Integer> symbols = new TreeMap<>(Arrays::compareUnsigned);

  private final Map<String, byte[]> known = new HashMap<>();
  private int seriesCount;

  IndexWriter(Path folder) throws IOException {
    this.folder = folder;
    waiting = folder.resolve("series.tmp");
    series =
        new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(waiting), 256 << 10));
  }

  void add(Labels labels, List<ChunkRef> chunks) throws IOException {
    for (Label label : labels) {
      symbol(label.name());
      symbol(label.value());
    }
    byte[] canonical = labels.canonicalBytes();
    series.writeInt(canonical.length);
    series.write(canonical);
    series.writeInt(chunks.size());
    for (ChunkRef chunk : chunks) {
      series.writeLong(chunk.minTimeMs());
      series.writeLong(chunk.maxTimeMs());
      series.writeLong(chunk.reference());
    }
    seriesCount++;
  }

  private void symbol(String text) {
    if (!known.containsKey(text)) {
      byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
      known.put(text, utf8);
      symbols.put(utf8, 0);
    }
  }

  void finish() throws IOException {
    series.close();
    try (ChecksummedFile out = new ChecksummedFile(folder.resolve("index"))) {
      out.u32(IndexHeader.MAGIC & 0xffff_ffffL);
      out.u8(2);
      long symbolsAt = out.position();
      symbols(out);
      long seriesAt = out.position();
      TreeMap<byte[], TreeMap<byte[], IntArrayList>> postings = series(out);
      long labelIndicesAt = out.position();
      List<byte[]> labelNames = new ArrayList<>(postings.keySet());
      long[] labelIndices = labelIndices(out, postings);
      long postingsAt = out.position();
      List<Posting> offsets = postings(out, postings);
      long labelTableAt = out.position();
      labelTable(out, labelNames, labelIndices);
      long postingsTableAt = out.position();
      postingsTable(out, offsets);
      out.begin();
      out.u64(symbolsAt);
      out.u64(seriesAt);
      out.u64(labelIndicesAt);
      out.u64(labelTableAt);
      out.u64(postingsAt);
      out.u64(postingsTableAt);
      out.checksum();
    }
    Files.delete(waiting);
  }

  /** A section: its length, what it holds, the checksum of that. */
  private static final class Section {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream(4096);

    void u32(long value) {
      for (int shift = 24; shift >= 0; shift -= 8) {
        bytes.write((int) (value >>> shift));
      }
    }

    void uvarint(long value) {
      long rest = value;
      while ((rest & ~0x7fL) != 0) {
        bytes.write((int) (rest & 0x7f) | 0x80);
        rest >>>= 7;
      }
      bytes.write((int) rest);
    }

    void varint(long value) {
      uvarint(value << 1 ^ value >> 63);
    }

    void text(byte[] utf8) {
      uvarint(utf8.length);
      bytes.write(utf8, 0, utf8.length);
    }

    void writeTo(ChecksummedFile out) throws IOException {
      byte[] content = bytes.toByteArray();
      out.u32(content.length);
      out.begin();
      out.bytes(content, content.length);
      out.checksum();
      bytes.reset();
    }
  }

  private void symbols(ChecksummedFile out) throws IOException {
    Section section = new Section();
    section.u32(symbols.size());
    int number = 0;
    for (Map.Entry<byte[], Integer> symbol : symbols.entrySet()) {
      symbol.setValue(number++);
      section.text(symbol.getKey());
    }
    section.writeTo(out);
  }

  private int number(String text) {
    byte[] utf8 = known.get(text);
    Integer number = utf8 == null ? null : symbols.get(utf8);
    if (number == null) {
      throw new IllegalStateException("the symbol " + text + " was not added");
    }
    return number;
  }

  /** Writes the series and collects which ones carry a label; the empty name stands for all. */
  private TreeMap<byte[], TreeMap<byte[], IntArrayList>> series(ChecksummedFile out)
      throws IOException {
    TreeMap<byte[], TreeMap<byte[], IntArrayList>> postings =
        new TreeMap<>(Arrays::compareUnsigned);
    IntArrayList all = new IntArrayList(seriesCount);
    postings.put(new byte[0], single(all));
    Section entry = new Section();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(waiting), 256 << 10))) {
      for (int i = 0; i < seriesCount; i++) {
        out.align(SERIES_ALIGNMENT);
        long reference = out.position() / SERIES_ALIGNMENT;
        if (reference > 0xffff_ffffL) {
          throw new IOException("an index has room for 64 GiB of series, this is more");
        }
        byte[] canonical = new byte[in.readInt()];
        in.readFully(canonical);
        Labels labels = Labels.ofCanonicalBytes(canonical);
        entry.uvarint(labels.size());
        all.add((int) reference);
        for (Label label : labels) {
          entry.uvarint(number(label.name()));
          entry.uvarint(number(label.value()));
          postings
              .computeIfAbsent(bytes(label.name()), _ -> new TreeMap<>(Arrays::compareUnsigned))
              .computeIfAbsent(bytes(label.value()), _ -> new IntArrayList(2))
              .add((int) reference);
        }
        chunks(in, entry);
        byte[] body = entry.bytes.toByteArray();
        entry.bytes.reset();
        out.uvarint(body.length);
        out.begin();
        out.bytes(body, body.length);
        out.checksum();
      }
    }
    return postings;
  }

  private static void chunks(DataInputStream in, Section entry) throws IOException {
    int count = in.readInt();
    entry.uvarint(count);
    long end = 0;
    long before = 0;
    for (int j = 0; j < count; j++) {
      long from = in.readLong();
      long to = in.readLong();
      long chunk = in.readLong();
      if (j == 0) {
        entry.varint(from);
        entry.uvarint(to - from);
        entry.uvarint(chunk);
      } else {
        entry.uvarint(from - end);
        entry.uvarint(to - from);
        entry.varint(chunk - before);
      }
      end = to;
      before = chunk;
    }
  }

  private byte[] bytes(String text) {
    byte[] utf8 = known.get(text);
    return utf8 == null ? text.getBytes(StandardCharsets.UTF_8) : utf8;
  }

  private static TreeMap<byte[], IntArrayList> single(IntArrayList all) {
    TreeMap<byte[], IntArrayList> map = new TreeMap<>(Arrays::compareUnsigned);
    map.put(new byte[0], all);
    return map;
  }

  /** No reader of today needs them, those of Prometheus 2.10 and before do. */
  private long[] labelIndices(
      ChecksummedFile out, TreeMap<byte[], TreeMap<byte[], IntArrayList>> postings)
      throws IOException {
    long[] offsets = new long[postings.size()];
    int i = 0;
    Section section = new Section();
    for (Map.Entry<byte[], TreeMap<byte[], IntArrayList>> label : postings.entrySet()) {
      if (label.getKey().length > 0) {
        out.align(4);
        offsets[i] = out.position();
        section.u32(1);
        section.u32(label.getValue().size());
        for (byte[] value : label.getValue().keySet()) {
          Integer number = symbols.get(value);
          section.u32(number == null ? 0 : number);
        }
        section.writeTo(out);
      }
      i++;
    }
    return offsets;
  }

  private record Posting(byte[] name, byte[] value, long offset) {}

  private static List<Posting> postings(
      ChecksummedFile out, TreeMap<byte[], TreeMap<byte[], IntArrayList>> postings)
      throws IOException {
    List<Posting> offsets = new ArrayList<>();
    for (Map.Entry<byte[], TreeMap<byte[], IntArrayList>> label : postings.entrySet()) {
      for (Map.Entry<byte[], IntArrayList> value : label.getValue().entrySet()) {
        out.align(4);
        offsets.add(new Posting(label.getKey(), value.getKey(), out.position()));
        IntArrayList refs = value.getValue();
        out.u32(4L + 4L * refs.size());
        out.begin();
        out.u32(refs.size());
        for (int i = 0; i < refs.size(); i++) {
          out.u32(refs.getInt(i) & 0xffff_ffffL);
        }
        out.checksum();
      }
    }
    return offsets;
  }

  private static void labelTable(ChecksummedFile out, List<byte[]> names, long[] offsets)
      throws IOException {
    Section section = new Section();
    section.u32(names.size() - 1L);
    for (int i = 0; i < names.size(); i++) {
      if (names.get(i).length > 0) {
        section.uvarint(1);
        section.text(names.get(i));
        section.uvarint(offsets[i]);
      }
    }
    section.writeTo(out);
  }

  private static void postingsTable(ChecksummedFile out, List<Posting> offsets) throws IOException {
    Section section = new Section();
    section.u32(offsets.size());
    for (Posting posting : offsets) {
      section.uvarint(2);
      section.text(posting.name);
      section.text(posting.value);
      section.uvarint(posting.offset);
    }
    section.writeTo(out);
  }

  /** Frees files; a draft stays for its owner to delete. */
  @Override
  public void close() throws IOException {
    series.close();
  }
}
