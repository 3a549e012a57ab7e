// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code multiline}: lines that belong together become one entry, with the time of the first. A
 * block ends with the next first line, after {@code max_lines}, and when nothing has followed for
 * {@code max_wait_time}. Streams are kept apart.
 */
final class MultilineStage implements Stage {

  /** Streams of one source with a block begun; beyond, the others are let go. */
  private static final int MAX_STREAMS = 1000;

  private static final int MAX_BLOCK_CHARACTERS = 200_000;

  private final StageRegex.@Nullable Finder firstLine;
  private final int maxLines;
  private final long maxWaitNs;
  private final LongSupplier nanoTime;
  private final Map<Map<String, String>, Block> blocks = new HashMap<>();

  private static final class Block {
    final Entry first;
    final StringBuilder text;
    final StackTraces traces = new StackTraces();
    int lines = 1;
    long lastNs;

    Block(Entry first, long nowNs) {
      this.first = first;
      this.text = new StringBuilder(first.line);
      this.lastNs = nowNs;
      traces.begin(first.line);
    }
  }

  private MultilineStage(
      @Nullable StageRegex firstLine, int maxLines, Duration maxWait, LongSupplier nanoTime) {
    this.firstLine = firstLine == null ? null : firstLine.finder();
    this.maxLines = maxLines;
    this.maxWaitNs = maxWait.toNanos();
    this.nanoTime = nanoTime;
  }

  static Stage.Factory parse(YamlMapping yaml, LongSupplier nanoTime) throws ConfigException {
    String preset = yaml.text("preset", "");
    if (!preset.isEmpty() && !preset.equals("stack_traces")) {
      throw yaml.error("preset '" + preset + "' is unknown; there is stack_traces");
    }
    if (preset.isEmpty() != yaml.has("firstline")) {
      throw yaml.error("the multiline stage needs one of firstline and preset: stack_traces");
    }
    @Nullable StageRegex firstLine =
        preset.isEmpty() ? ExtractionStages.regex(yaml, "firstline") : null;
    int maxLines = yaml.count("max_lines", 128);
    Duration maxWait = yaml.duration("max_wait_time", Duration.ofSeconds(3));
    if (maxLines < 1 || maxWait.isZero()) {
      throw yaml.error("max_lines and max_wait_time must be above 0");
    }
    return () -> new MultilineStage(firstLine, maxLines, maxWait, nanoTime);
  }

  @Override
  public void process(Entry entry, Next next) {
    Block block = blocks.get(entry.labels);
    boolean continues =
        firstLine == null
            ? block != null && block.traces.continues(entry.line)
            : !firstLine.find(entry.line);
    if (!continues) {
      if (block != null) {
        letGo(block, next);
      }
      begin(entry, next);
    } else if (block == null) {
      // Before the first first line: it stands for itself.
      next.accept(entry);
    } else {
      block.text.append('\n').append(entry.line);
      block.lastNs = nanoTime.getAsLong();
      if (++block.lines >= maxLines || block.text.length() > MAX_BLOCK_CHARACTERS) {
        blocks.remove(block.first.labels);
        letGo(block, next);
      }
    }
  }

  private void begin(Entry entry, Next next) {
    if (blocks.size() >= MAX_STREAMS && !blocks.containsKey(entry.labels)) {
      finish(next);
    }
    // What follows changes an entry's labels, so the key is a copy.
    blocks.put(new TreeMap<>(entry.labels), new Block(entry, nanoTime.getAsLong()));
  }

  private static void letGo(Block block, Next next) {
    block.first.line = block.text.toString();
    next.accept(block.first);
  }

  @Override
  public void tick(long nowNs, Next next) {
    Iterator<Block> all = blocks.values().iterator();
    while (all.hasNext()) {
      Block block = all.next();
      if (nowNs - block.lastNs >= maxWaitNs) {
        all.remove();
        letGo(block, next);
      }
    }
  }

  @Override
  public void finish(Next next) {
    blocks.values().forEach(block -> letGo(block, next));
    blocks.clear();
  }

  @Override
  public long heldFrom() {
    long from = Long.MAX_VALUE;
    for (Block block : blocks.values()) {
      from = Math.min(from, block.first.from);
    }
    return from;
  }
}
