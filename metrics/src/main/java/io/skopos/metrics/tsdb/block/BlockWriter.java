// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.skopos.metrics.tsdb.chunk.ChunkEncoding;
import io.skopos.metrics.tsdb.chunk.EncodedChunk;
import io.skopos.model.Labels;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes one block of index version 2, as Prometheus does. Series are added in the order of their
 * labels, each with its chunks in order of time. The block appears under its name when it is whole;
 * until then, and for ever after a failure, its folder ends in {@code .tmp-for-creation}, which
 * Prometheus deletes. Memory: the strings of the labels and four bytes per label of a series. Not
 * thread-safe.
 */
public final class BlockWriter implements Closeable {

  /** As long as Prometheus lets a segment become. */
  private static final long SEGMENT_BYTES = 512L << 20;

  private final Path parent;
  private final String ulid;
  private final Path draft;
  private final long minTimeMs;
  private final long maxTimeMs;
  private final IndexWriter index;
  private @Nullable ChecksummedFile segment;
  private int segments;
  private @Nullable Labels before;
  private long series;
  private long floatSamples;
  private long histogramSamples;
  private long chunks;
  private boolean finished;

  /**
   * @param parent made when it is not there
   * @param minTimeMs of the block, inclusive
   * @param maxTimeMs of the block, exclusive; readers see nothing outside of both
   * @param nowMs the time in the block's name
   */
  public BlockWriter(Path parent, long minTimeMs, long maxTimeMs, long nowMs) throws IOException {
    this.parent = parent;
    this.minTimeMs = minTimeMs;
    this.maxTimeMs = maxTimeMs;
    ulid = Ulid.create(nowMs);
    draft = parent.resolve(ulid + ".tmp-for-creation");
    Files.createDirectories(draft.resolve("chunks"));
    index = new IndexWriter(draft);
  }

  public long samples() {
    return floatSamples + histogramSamples;
  }

  public void add(Labels labels, List<EncodedChunk> encoded) throws IOException {
    if (encoded.isEmpty()) {
      return;
    }
    if (before != null && before.compareTo(labels) >= 0) {
      throw new IllegalArgumentException(labels + " does not come behind " + before);
    }
    before = labels;
    List<ChunkRef> refs = new ArrayList<>(encoded.size());
    for (EncodedChunk chunk : encoded) {
      if (chunk.minTimeMs() < minTimeMs || chunk.maxTimeMs() >= maxTimeMs) {
        throw new IllegalArgumentException(
            "a chunk from "
                + chunk.minTimeMs()
                + " to "
                + chunk.maxTimeMs()
                + " is outside the block from "
                + minTimeMs
                + " to "
                + maxTimeMs);
      }
      refs.add(new ChunkRef(chunk.minTimeMs(), chunk.maxTimeMs(), write(chunk)));
      chunks++;
      if (chunk.encoding() == ChunkEncoding.XOR || chunk.encoding() == ChunkEncoding.XOR2) {
        floatSamples += chunk.samples();
      } else {
        histogramSamples += chunk.samples();
      }
    }
    index.add(labels, refs);
    series++;
  }

  private long write(EncodedChunk chunk) throws IOException {
    ChecksummedFile file = segment;
    if (file == null || file.position() + chunk.data().length + 16 > SEGMENT_BYTES) {
      if (file != null) {
        file.close();
      }
      segments++;
      String name = String.format(Locale.ROOT, "%06d", segments);
      file = new ChecksummedFile(draft.resolve("chunks").resolve(name));
      segment = file;
      file.u32(ChunkFiles.MAGIC);
      file.u8(1);
      file.align(ChunkFiles.HEADER_BYTES);
    }
    long reference = (long) (segments - 1) << 32 | file.position();
    file.uvarint(chunk.data().length);
    file.begin();
    file.u8(chunk.encoding().code());
    file.bytes(chunk.data(), chunk.data().length);
    file.checksum();
    return reference;
  }

  /**
   * Makes the block whole.
   *
   * @return its folder; null when no series was added, and then there is none
   */
  public @Nullable Path finish() throws IOException {
    if (series == 0) {
      return null;
    }
    if (segment != null) {
      segment.close();
      segment = null;
    }
    index.finish();
    try (ChecksummedFile tombstones = new ChecksummedFile(draft.resolve("tombstones"))) {
      tombstones.u32(Tombstones.MAGIC);
      tombstones.u8(1);
      tombstones.begin();
      tombstones.checksum();
    }
    try (ChecksummedFile meta = new ChecksummedFile(draft.resolve("meta.json"))) {
      byte[] json = meta();
      meta.bytes(json, json.length);
    }
    Path folder = parent.resolve(ulid);
    Files.move(draft, folder, StandardCopyOption.ATOMIC_MOVE);
    finished = true;
    return folder;
  }

  private byte[] meta() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = new JsonFactory().createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("ulid", ulid);
      json.writeNumberField("minTime", minTimeMs);
      json.writeNumberField("maxTime", maxTimeMs);
      json.writeObjectFieldStart("stats");
      json.writeNumberField("numSamples", samples());
      json.writeNumberField("numFloatSamples", floatSamples);
      json.writeNumberField("numHistogramSamples", histogramSamples);
      json.writeNumberField("numSeries", series);
      json.writeNumberField("numChunks", chunks);
      json.writeEndObject();
      json.writeObjectFieldStart("compaction");
      json.writeNumberField("level", 1);
      json.writeArrayFieldStart("sources");
      json.writeString(ulid);
      json.writeEndArray();
      json.writeEndObject();
      json.writeNumberField("version", 1);
      json.writeEndObject();
    }
    return out.toByteArray();
  }

  /** Without {@link #finish} the draft is deleted. */
  @Override
  public void close() throws IOException {
    index.close();
    if (segment != null) {
      segment.close();
    }
    if (!finished && Files.exists(draft)) {
      try (Stream<Path> files = Files.walk(draft)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }
}
