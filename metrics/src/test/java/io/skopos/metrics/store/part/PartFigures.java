// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.index.LabelSelection;
import io.skopos.storage.manifest.PartEntry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.roaringbitmap.RoaringBitmap;
import org.xerial.snappy.Snappy;

/**
 * A program, not a test: builds parts from a directory of recorded remote-write requests ({@code
 * requests.bin}; {@code requests.idx} has 32 bytes for each: offset, length, lane, tick, phase,
 * items, raw bytes) and prints what they cost by column and by encoding, and how fast they read.
 * The figures of docs/decisions/metrics-part.md are its output.
 */
final class PartFigures {

  private static final int ENCODINGS = 256;

  private final Map<ByteBuffer, SampleBuffer> series = new HashMap<>();
  private long samples;

  private PartFigures() {}

  public static void main(String[] arguments) throws IOException {
    PartFigures figures = new PartFigures();
    figures.load(Path.of(arguments[0]));
    Path directory = Files.createTempDirectory("part-figures");
    try (PartsOnDisk parts = new PartsOnDisk(directory)) {
      figures.run(parts);
    }
  }

  private void load(Path set) throws IOException {
    ByteBuffer index = ByteBuffer.wrap(Files.readAllBytes(set.resolve("requests.idx")));
    try (FileChannel bodies = FileChannel.open(set.resolve("requests.bin"))) {
      while (index.hasRemaining()) {
        long at = index.getLong();
        ByteBuffer body = ByteBuffer.allocate(index.getInt());
        index.position(index.position() + 20);
        bodies.read(body, at);
        request(Snappy.uncompress(body.array()));
      }
    }
    System.out.printf("%,d series, %,d samples%n", series.size(), samples);
  }

  /** A remote-write 1.0 request: field 1 is a series; in it 1 is a label, 2 the sample. */
  private void request(byte[] bytes) {
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    while (in.remaining() > 0) {
      in.varint();
      int end = in.count(in.remaining(), "bytes") + in.position();
      int labelsAt = in.position();
      while (in.array()[in.position()] == 0x0a) {
        in.varint();
        in.skip(in.count(in.remaining(), "bytes"));
      }
      ByteBuffer labels = ByteBuffer.wrap(bytes, labelsAt, in.position() - labelsAt);
      in.varint();
      in.varint();
      long time = 0;
      double value = 0;
      while (in.position() < end) {
        if (in.varint() >>> 3 == 1) {
          value = Double.longBitsToDouble(in.int64());
        } else {
          time = in.varint();
        }
      }
      SampleBuffer samplesOf = series.get(labels);
      if (samplesOf == null) {
        samplesOf = new SampleBuffer(128);
        byte[] own = Arrays.copyOfRange(bytes, labelsAt, labelsAt + labels.remaining());
        series.put(ByteBuffer.wrap(own), samplesOf);
      }
      samplesOf.add(time, value);
      samples++;
    }
  }

  private static Labels labels(ByteBuffer encoded) {
    byte[] bytes = new byte[encoded.remaining()];
    encoded.duplicate().get(bytes);
    ByteReader in = new ByteReader(bytes, 0, bytes.length);
    List<String> texts = new ArrayList<>();
    while (in.remaining() > 0) {
      in.varint();
      in.varint();
      for (int i = 0; i < 2; i++) {
        in.varint();
        texts.add(new String(in.sized(), StandardCharsets.UTF_8));
      }
    }
    return Labels.of(texts.toArray(String[]::new));
  }

  private void run(PartsOnDisk parts) throws IOException {
    TreeMap<Labels, SampleBuffer> sorted = new TreeMap<>();
    series.forEach((labels, buffer) -> sorted.put(labels(labels), buffer));
    List<PartEntry> entries = new ArrayList<>();
    // As a head would flush every hour, then all merged into one.
    long hour = 3_600_000;
    long first = sorted.values().stream().mapToLong(b -> b.timesMs[0]).min().orElseThrow();
    long last = sorted.values().stream().mapToLong(b -> b.timesMs[b.size - 1]).max().orElseThrow();
    double cpu = cpuSeconds();
    for (long from = Math.floorDiv(first, hour) * hour; from <= last; from += hour) {
      MetricsPartWriter writer = new MetricsPartWriter(parts.create());
      for (var one : sorted.entrySet()) {
        SampleBuffer buffer = one.getValue();
        int start = lowerBound(buffer, from);
        int end = lowerBound(buffer, from + hour);
        if (start < end) {
          byte[] labels = one.getKey().canonicalBytes();
          writer.series(labels, 0, labels.length);
          writer.samples(buffer.timesMs, buffer.values, start, end);
        }
      }
      if (writer.sampleCount() > 0) {
        entries.add(writer.finish(0, 0, 0));
      }
      writer.close();
    }
    System.out.printf("hourly parts: %.0f ns CPU per sample%n", perSample(cpu));
    for (int i : new int[] {0, entries.size() - 1}) {
      describe("part " + i, parts.open(entries.get(i)));
    }
    PartEntry merged = null;
    for (int round = 0; round < 2; round++) {
      cpu = cpuSeconds();
      List<MetricsPartMerger.Input> inputs = new ArrayList<>();
      for (PartEntry entry : entries) {
        inputs.add(new MetricsPartMerger.Input(parts.open(entry), entry));
      }
      merged = MetricsPartMerger.merge(inputs, List.of(), parts.create());
      System.out.printf("merge: %.0f ns CPU per sample%n", perSample(cpu));
    }
    MetricsPart part = parts.open(Objects.requireNonNull(merged));
    describe("merged", part);
    encodings(part);
    for (int round = 0; round < 4; round++) {
      questions(parts.open(entries.getLast()), last, "last hour");
      questions(part, last, "merged");
    }
  }

  private double perSample(double cpuBefore) {
    return (cpuSeconds() - cpuBefore) * 1e9 / samples;
  }

  private static void describe(String name, MetricsPart part) throws IOException {
    PartFooter footer = part.footer();
    long count = part.sampleCount();
    System.out.printf(
        "%s: %,d series, %,d samples, %,d chunks, %,d time columns, %,d bytes on heap%n",
        name,
        part.seriesCount(),
        count,
        part.chunkCount(),
        footer.timeColumnCount,
        part.heapBytes());
    long whole = part.entry().length();
    System.out.printf(
        "  %.3f bytes/sample: values %.3f, times %.4f, index %.4f (%.1f bytes/series), ranges %.4f,"
            + " aggregates %.4f%n",
        whole / (double) count,
        footer.values.storedBytes() / (double) count,
        footer.times.storedBytes() / (double) count,
        footer.labels.storedBytes() / (double) count,
        footer.labels.storedBytes() / (double) part.seriesCount(),
        footer.ranges.storedBytes() / (double) count,
        (footer.aggregates == null ? 0 : footer.aggregates.storedBytes()) / (double) count);
    System.out.println("  " + footer.labels.storedBytesByKind());
  }

  /** Bytes and samples by the first bytes of each chunk's values. */
  private static void encodings(MetricsPart part) throws IOException {
    long[] bytes = new long[ENCODINGS * ENCODINGS];
    long[] counts = new long[ENCODINGS * ENCODINGS];
    try (PartScan scan = part.chunks()) {
      for (int ordinal = 0; ordinal < part.seriesCount(); ordinal++) {
        scan.chunks(
            ordinal,
            Long.MIN_VALUE,
            chunk -> {
              ByteReader values = chunk.values();
              int length = values.remaining();
              int tag = values.uint8();
              int kind = tag & 7;
              int head = kind == 1 || kind == 2 ? values.uint8() : 0;
              bytes[kind << 8 | head] += length;
              counts[kind << 8 | head] += chunk.times().size();
              return true;
            },
            false);
      }
    }
    String[] kinds = {"constant", "decimal", "bits", "?", "?", "decimal, exceptions", "?", "?"};
    for (int i = 0; i < bytes.length; i++) {
      if (counts[i] > 0) {
        int head = i & 0xff;
        System.out.printf(
            "  %-20s %-8s%s%s%s%s %,12d samples %.3f bytes each%n",
            kinds[i >> 8],
            new String[] {"first", "delta", "delta2", ""}[head & 3],
            (head & 4) != 0 ? " mask" : "",
            (head & 8) != 0 ? " exceptions" : "",
            (head & 16) != 0 ? " divisor" : "",
            (head & 32) != 0 ? " base" : "",
            counts[i],
            bytes[i] / (double) counts[i]);
      }
    }
  }

  private static void questions(MetricsPart part, long last, String name) throws IOException {
    ask(
        part,
        name + ": all cpu, 50m",
        last,
        50,
        Matcher.equal("__name__", "node_cpu_seconds_total"));
    ask(
        part,
        name + ": cpu, mode!~, 50m",
        last,
        50,
        Matcher.equal("__name__", "node_cpu_seconds_total"),
        new Matcher(Matcher.Type.NOT_REGEX, "mode", "steal|softirq"));
    ask(
        part,
        name + ": one series, 50m",
        last,
        50,
        Matcher.equal("__name__", "node_load1"),
        Matcher.equal("instance", "host-0003:9100"));
    ask(
        part,
        name + ": pod and id regex, 50m",
        last,
        50,
        Matcher.equal("__name__", "container_memory_working_set_bytes"),
        new Matcher(Matcher.Type.REGEX, "pod", ".*-[0-9a-z]*7[0-9a-z]*"),
        new Matcher(Matcher.Type.REGEX, "id", ".*[a-f]0.*"));
    ask(part, name + ": everything, 5m", last, 5, new Matcher(Matcher.Type.REGEX, "job", ".+"));
    double cpu = cpuSeconds();
    RoaringBitmap rss =
        LabelSelection.select(
            part.labelIndex(), List.of(Matcher.equal("__name__", "container_memory_rss")));
    int[] values = new int[1];
    LabelSelection.labelValues(part.labelIndex(), "pod", rss, value -> values[0]++);
    System.out.printf(
        "  %-40s %,d values, %.3f ms%n",
        name + ": values of pod", values[0], (cpuSeconds() - cpu) * 1e3);
  }

  private static void ask(
      MetricsPart part, String name, long last, int minutes, Matcher... matchers)
      throws IOException {
    double cpu = cpuSeconds();
    long from = last - minutes * 60_000L;
    RoaringBitmap selected = part.select(Arrays.asList(matchers), new TimeRange(from, last));
    double afterSelect = cpuSeconds();
    long bytes = 0;
    long read = 0;
    double afterLabels;
    try (MetricsPart.Scan scan = part.scan()) {
      var labels = selected.getIntIterator();
      while (labels.hasNext()) {
        bytes += scan.labels(labels.next()).canonicalBytes().length;
      }
      afterLabels = cpuSeconds();
      SampleBuffer buffer = new SampleBuffer();
      var ordinals = selected.getIntIterator();
      while (ordinals.hasNext()) {
        buffer.clear();
        scan.read(ordinals.next(), from, last, buffer);
        read += buffer.size;
      }
    }
    double end = cpuSeconds();
    System.out.printf(
        "  %-40s %,8d series %,10d samples: select %.3f ms, labels %.3f ms (%,d bytes), read %.3f"
            + " ms (%.1f ns/sample)%n",
        name,
        selected.getCardinality(),
        read,
        (afterSelect - cpu) * 1e3,
        (afterLabels - afterSelect) * 1e3,
        bytes,
        (end - afterLabels) * 1e3,
        (end - afterLabels) * 1e9 / Math.max(1, read));
  }

  private static int lowerBound(SampleBuffer buffer, long time) {
    int found = Arrays.binarySearch(buffer.timesMs, 0, buffer.size, time);
    return found < 0 ? -found - 1 : found;
  }

  private static double cpuSeconds() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() / 1e9;
  }
}
