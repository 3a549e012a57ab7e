// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What {@code meta.json} says about a block.
 *
 * @param minTimeMs first time, inclusive
 * @param maxTimeMs last time, exclusive
 * @param externalLabels of the Thanos or Mimir instance that wrote it; empty for Prometheus
 * @param resolutionMs 0 for raw samples, else the window of Thanos' downsampling
 * @param sources the blocks of compaction level 1 whose samples it has
 */
public record BlockMeta(
    String ulid,
    long minTimeMs,
    long maxTimeMs,
    long series,
    long samples,
    long chunks,
    int compactionLevel,
    Map<String, String> externalLabels,
    long resolutionMs,
    List<String> sources) {

  /** More is no meta.json. */
  private static final long MAX_BYTES = 64 << 20;

  private static final JsonFactory JSON = new JsonFactory();

  public BlockMeta {
    externalLabels = Map.copyOf(externalLabels);
    sources = List.copyOf(sources);
  }

  public static BlockMeta read(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw new DamagedBlock(file.toString(), "it is larger than " + MAX_BYTES + " bytes");
    }
    return parse(file.toString(), Files.readAllBytes(file));
  }

  public static BlockMeta read(BlockFiles block) throws IOException {
    String file = block.name() + "/" + BlockFiles.META;
    try (BlockBytes bytes = block.open(BlockFiles.META)) {
      if (bytes.size() > MAX_BYTES) {
        throw new DamagedBlock(file, "it is larger than " + MAX_BYTES + " bytes");
      }
      byte[] json = new byte[(int) bytes.size()];
      bytes.read(0, ByteBuffer.wrap(json));
      return parse(file, json);
    }
  }

  /**
   * @param file for messages
   */
  public static BlockMeta parse(String file, byte[] bytes) throws IOException {
    Draft draft = new Draft();
    try (JsonParser json = JSON.createParser(bytes)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new DamagedBlock(file, "it is no JSON object");
      }
      draft.read(json);
    } catch (JacksonException e) {
      throw new DamagedBlock(file, e.getOriginalMessage());
    }
    if (draft.version == 2) {
      throw new DamagedBlock(
          file,
          "version 2 was written by one development state of Prometheus only, whose index says"
              + " version 1 and is version 2; let a Prometheus 2 open the block, which repairs it");
    }
    if (draft.version != 1) {
      throw new DamagedBlock(file, "version " + draft.version + " is not 1, which is read here");
    }
    if (draft.ulid.isEmpty() || draft.maxTime < draft.minTime) {
      throw new DamagedBlock(
          file,
          "it has no ulid, or its maxTime "
              + draft.maxTime
              + " is before its minTime "
              + draft.minTime);
    }
    return new BlockMeta(
        draft.ulid,
        draft.minTime,
        draft.maxTime,
        draft.series,
        draft.samples,
        draft.chunks,
        draft.level,
        draft.labels,
        draft.resolution,
        draft.sources);
  }

  public boolean isDownsampled() {
    return resolutionMs > 0;
  }

  private static final class Draft {
    int version;
    String ulid = "";
    long minTime;
    long maxTime = -1;
    long series;
    long samples;
    long chunks;
    int level = 1;
    long resolution;
    final Map<String, String> labels = new TreeMap<>();
    final List<String> sources = new ArrayList<>();

    void read(JsonParser json) throws IOException {
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        JsonToken value = json.nextToken();
        switch (name) {
          case "version" -> version = json.getValueAsInt();
          case "ulid" -> ulid = json.getValueAsString("");
          case "minTime" -> minTime = json.getValueAsLong();
          case "maxTime" -> maxTime = json.getValueAsLong();
          case "stats", "compaction", "thanos", "downsample" -> {
            if (value == JsonToken.START_OBJECT) {
              read(json);
            } else {
              json.skipChildren();
            }
          }
          case "numSeries" -> series = json.getValueAsLong();
          case "numSamples" -> samples = json.getValueAsLong();
          case "numChunks" -> chunks = json.getValueAsLong();
          case "level" -> level = json.getValueAsInt();
          case "resolution" -> resolution = json.getValueAsLong();
          case "labels" -> labels(json);
          case "sources" -> sources(json, value);
          default -> json.skipChildren();
        }
      }
    }

    private void sources(JsonParser json, JsonToken value) throws IOException {
      if (value != JsonToken.START_ARRAY) {
        json.skipChildren();
        return;
      }
      while (json.nextToken() != JsonToken.END_ARRAY && json.currentToken() != null) {
        sources.add(json.getValueAsString(""));
        json.skipChildren();
      }
    }

    private void labels(JsonParser json) throws IOException {
      if (json.currentToken() != JsonToken.START_OBJECT) {
        json.skipChildren();
        return;
      }
      while (json.nextToken() == JsonToken.FIELD_NAME) {
        String name = json.currentName();
        json.nextToken();
        labels.put(name, json.getValueAsString(""));
        json.skipChildren();
      }
    }
  }
}
