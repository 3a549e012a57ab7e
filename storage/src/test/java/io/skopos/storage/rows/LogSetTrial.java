// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.StoredParts;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.xerial.snappy.Snappy;

/**
 * A trial by hand, not a test: writes the bench's log set as row parts in several layouts and asks
 * for things. {@code LogSetTrial SET WORK}; figures and conclusions stand in
 * docs/decisions/rows-part.md.
 */
final class LogSetTrial {

  /** Lines of text that go into one part. */
  private static final long PART_BYTES = 128L << 20;

  private static final TenantId TENANT = TenantId.ANONYMOUS;
  private static final UtcDay DAY = new UtcDay(20_000);
  private static final String NEEDLE = "7f3e0c5a9b1d4e68a2c4f6b8d0e1f3a5";

  /** How lines become columns. */
  enum Layout {
    /** The line as it is, no filter. */
    LINE(false),
    /** The line with a substring filter. */
    FILTERED_LINE(true),
    /** Template and variables, each variable's place a column. */
    TEMPLATE(false);

    private final boolean filtered;

    Layout(boolean filtered) {
      this.filtered = filtered;
    }
  }

  private LogSetTrial() {}

  public static void main(String[] arguments) throws Exception {
    Path set = Path.of(arguments[0]);
    for (Layout layout : Layout.values()) {
      Path work = Path.of(arguments[1]).resolve(layout.name());
      run(set, work, layout);
    }
  }

  private static void run(Path set, Path work, Layout layout) throws Exception {
    Files.createDirectories(work);
    RowSchema schema =
        new RowSchema(
            Signal.LOGS,
            List.of(
                new RowSchema.ColumnSpec("stream", ColumnType.BYTES, false),
                new RowSchema.ColumnSpec("line", ColumnType.BYTES, layout.filtered)),
            List.of(),
            1_000_000);
    PrometheusRegistry registry = new PrometheusRegistry();
    MemoryBudget budget = new MemoryBudget(4L << 30);
    try (DirectoryObjectStore objects = new DirectoryObjectStore(new RealDisk(), work, registry);
        PageCache pages = new PageCache(64 << 20, budget, registry);
        StoredParts parts =
            new StoredParts(
                objects,
                pages,
                64 << 20,
                budget,
                new DamagedFiles(InstantSource.system(), registry),
                InstantSource.system(),
                registry)) {
      List<PartEntry> entries = new ArrayList<>();
      TreeMap<String, RowBlockBuilder> streams = new TreeMap<>();
      long text = 0;
      long lines = 0;
      long held = 0;
      long writeNanos = 0;
      ByteBuffer index = ByteBuffer.wrap(Files.readAllBytes(set.resolve("requests.idx")));
      try (FileChannel bodies = FileChannel.open(set.resolve("requests.bin"))) {
        while (index.hasRemaining()) {
          long at = index.getLong();
          byte[] body = new byte[index.getInt()];
          index.position(index.position() + 20);
          bodies.read(ByteBuffer.wrap(body), at);
          long[] added = decode(Snappy.uncompress(body), streams, layout);
          lines += added[0];
          text += added[1];
          held += added[1];
          if (held > PART_BYTES || !index.hasRemaining()) {
            long began = cpu();
            entries.add(write(schema, parts, streams));
            writeNanos += cpu() - began;
            streams.clear();
            held = 0;
          }
        }
      }
      long stored = entries.stream().mapToLong(PartEntry::length).sum();
      System.out.printf(
          "%s: %,d lines, %,d MB text, %,d MB stored = %.2fx; write %.2f s CPU per 1M lines%n",
          layout,
          lines,
          text >> 20,
          stored >> 20,
          (double) text / stored,
          writeNanos / 1e3 / lines);
      long filterBytes = 0;
      for (PartEntry entry : entries) {
        RowPart part =
            parts.opened(TENANT, Signal.LOGS, DAY, entry, reader -> RowPart.open(schema, reader));
        for (int block = 0; block < part.blocks(); block++) {
          for (RowFooter.ColumnPages column : part.block(block).columns().values()) {
            filterBytes += column.filter() == null ? 0 : column.filter().storedLength();
          }
        }
      }
      System.out.printf("  filters %,d MB%n", filterBytes >> 20);
      String column = layout == Layout.TEMPLATE ? "v0" : "line";
      for (int round = 0; round < 3; round++) {
        ask(schema, parts, entries, column, "needle", NEEDLE);
        ask(schema, parts, entries, column, "part of the needle", NEEDLE.substring(5, 21));
        ask(schema, parts, entries, column, "a word in every block", "checkout");
      }
    }
  }

  private static void ask(
      RowSchema schema,
      StoredParts parts,
      List<PartEntry> entries,
      String column,
      String name,
      String part)
      throws Exception {
    long began = cpu();
    int blocks = 0;
    int read = 0;
    long found = 0;
    List<RowCondition> conditions =
        List.of(new RowCondition.Contains(column, part.getBytes(StandardCharsets.UTF_8), false));
    for (PartEntry entry : entries) {
      RowPart open =
          parts.opened(TENANT, Signal.LOGS, DAY, entry, reader -> RowPart.open(schema, reader));
      for (int block = 0; block < open.blocks(); block++) {
        blocks++;
        RowPart.Candidate candidate =
            open.filter(block, Long.MIN_VALUE, Long.MAX_VALUE, conditions);
        if (candidate != null) {
          read++;
          found += candidate.rows.cardinality();
        }
      }
    }
    System.out.printf(
        "  %s: %,d rows in %d of %d blocks, %.0f ms CPU%n",
        name, found, read, blocks, (cpu() - began) / 1e6);
  }

  private static PartEntry write(
      RowSchema schema, StoredParts parts, TreeMap<String, RowBlockBuilder> streams)
      throws Exception {
    try (var out = parts.create(TENANT, Signal.LOGS, DAY)) {
      RowPartWriter writer = new RowPartWriter(schema, out);
      for (RowBlockBuilder stream : streams.values()) {
        RowBlock block = stream.build();
        Integer[] order = new Integer[block.rows()];
        for (int i = 0; i < order.length; i++) {
          order[i] = i;
        }
        java.util.Arrays.sort(order, Comparator.comparingLong(block::time));
        for (int row : order) {
          writer.add(new RowRef(block, row, 0, RowDeletions.NONE), false);
        }
      }
      return writer.finish(1, 1, 0);
    }
  }

  /** Reads a Loki push request; answers lines and bytes of text. */
  private static long[] decode(
      byte[] request, TreeMap<String, RowBlockBuilder> into, Layout layout) {
    ByteReader in = new ByteReader(request, 0, request.length);
    long lines = 0;
    long bytes = 0;
    while (in.remaining() > 0) {
      in.varint();
      int streamEnd = in.count(in.remaining(), "bytes") + in.position();
      RowBlockBuilder stream = null;
      String labels = "";
      while (in.position() < streamEnd) {
        int tag = (int) in.varint();
        byte[] field = in.sized();
        if (tag >>> 3 == 1) {
          labels = new String(field, StandardCharsets.UTF_8);
          stream = into.computeIfAbsent(labels, _ -> new RowBlockBuilder());
        } else if (tag >>> 3 == 2 && stream != null) {
          ByteReader entry = new ByteReader(field, 0, field.length);
          long time = 0;
          byte[] line = new byte[0];
          while (entry.remaining() > 0) {
            int entryTag = (int) entry.varint();
            byte[] value = entry.sized();
            if (entryTag >>> 3 == 1) {
              ByteReader stamp = new ByteReader(value, 0, value.length);
              while (stamp.remaining() > 0) {
                time +=
                    stamp.varint() >>> 3 == 1 ? stamp.varint() * 1_000_000_000L : stamp.varint();
              }
            } else {
              line = value;
            }
          }
          stream.row(time).text("stream", labels);
          if (layout == Layout.TEMPLATE) {
            shred(line, stream);
          } else {
            stream.bytes("line", line, 0, line.length);
          }
          lines++;
          bytes += line.length + 1;
        }
      }
    }
    return new long[] {lines, bytes};
  }

  /** Runs of letters and digits that hold a digit are variables; the rest is the template. */
  private static void shred(byte[] line, RowBlockBuilder into) {
    byte[] template = new byte[line.length];
    int length = 0;
    int variable = 0;
    int at = 0;
    while (at < line.length) {
      int end = at;
      boolean digit = false;
      while (end < line.length && Character.isLetterOrDigit(line[end])) {
        digit |= line[end] >= '0' && line[end] <= '9';
        end++;
      }
      if (digit && variable < 30) {
        into.bytes("v" + variable++, line, at, end - at);
        template[length++] = 0;
        at = end;
      } else {
        end = Math.max(end, at + 1);
        System.arraycopy(line, at, template, length, end - at);
        length += end - at;
        at = end;
      }
    }
    into.bytes("template", template, 0, length);
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
