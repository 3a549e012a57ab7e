// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.ingest.collect.container.ContainerLine;
import io.skopos.ingest.collect.container.CriLine;
import io.skopos.ingest.collect.container.DockerLine;
import io.skopos.ingest.collect.container.PartialLines;
import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.collect.delivery.SourceKind;
import io.skopos.ingest.collect.stage.Entry;
import io.skopos.ingest.collect.stage.StageChain;
import io.skopos.ingest.collect.stage.Stages;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The way of one file's lines into batches: a container runtime's wrapping off, then the stages,
 * which are left out altogether where there are none. Used by one thread.
 */
final class EntryPath {

  /** Gives lines that tell no time theirs. */
  interface Times {
    long of(byte[] line, int from, int length, long at);
  }

  private final Stages.Container container;
  private final @Nullable StageChain chain;
  private final EntryBatches batches;
  private final Times times;
  private final CollectMetrics metrics;
  private final Labels plain;
  private final Labels[] ofStream;
  private final EntryBatches.@Nullable Stream[] streams = new EntryBatches.@Nullable Stream[3];
  private final ContainerLine line = new ContainerLine();
  private final DockerLine docker = new DockerLine();
  private final PartialLines partial;

  /**
   * @param labels of all entries, not empty
   */
  EntryPath(
      Stages stages,
      Labels labels,
      EntryBatches batches,
      Times times,
      int maxLineBytes,
      CollectMetrics metrics) {
    this.container = stages.container();
    this.chain =
        stages.isEmpty()
            ? null
            : stages.open(entry -> batches.add(entry, labels), metrics::dropped);
    this.batches = batches;
    this.times = times;
    this.metrics = metrics;
    this.plain = labels;
    this.ofStream =
        new Labels[] {
          new LabelsBuilder(labels).set("stream", "stdout").build(),
          new LabelsBuilder(labels).set("stream", "stderr").build()
        };
    this.partial = new PartialLines(maxLineBytes, this::whole);
  }

  /**
   * @param at where the line begins in the file
   */
  void line(byte[] bytes, int from, int length, long at) {
    switch (container) {
      case NONE -> plain(bytes, from, length, at);
      case CRI ->
          contained(CriLine.parse(bytes, from, from + length, line), bytes, from, length, at);
      case DOCKER ->
          contained(docker.parse(bytes, from, from + length, line), bytes, from, length, at);
    }
  }

  private void contained(boolean parsed, byte[] bytes, int from, int length, long at) {
    if (parsed) {
      partial.add(line, at);
    } else {
      metrics.malformed.labelValues(SourceKind.FILES.key()).inc();
      plain(bytes, from, length, at);
    }
  }

  private void whole(
      ContainerLine.Stream stream, long timeNs, byte[] bytes, int offset, int length, long at) {
    add(stream.ordinal(), ofStream[stream.ordinal()], timeNs, bytes, offset, length, at);
  }

  private void plain(byte[] bytes, int from, int length, long at) {
    add(2, plain, times.of(bytes, from, length, at), bytes, from, length, at);
  }

  private void add(
      int kind, Labels labels, long timeNs, byte[] bytes, int from, int length, long at) {
    if (chain != null) {
      chain.process(
          new Entry(new String(bytes, from, length, StandardCharsets.UTF_8), timeNs, labels, at));
      return;
    }
    EntryBatches.Stream stream = streams[kind];
    if (!batches.isCurrent(stream)) {
      stream = batches.stream(labels);
      streams[kind] = stream;
    }
    batches.add(stream, timeNs, bytes, from, length);
  }

  /** Lets go what stages kept for long enough. */
  void tick(long nanoTime) {
    if (chain != null) {
      chain.tick(nanoTime);
    }
  }

  /** Lets go everything: nothing more comes. */
  void finish() {
    partial.finish();
    if (chain != null) {
      chain.finish();
    }
  }

  /** Where the first line begins that is not in a batch yet. */
  long heldFrom() {
    long held = partial.heldFrom();
    return chain == null ? held : Math.min(held, chain.heldFrom());
  }

  long restNs() {
    return chain == null ? 0 : chain.restNs();
  }
}
