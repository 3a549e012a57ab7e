// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import io.skopos.ingest.collect.container.ContainerLine;
import io.skopos.ingest.collect.container.CriLine;
import io.skopos.ingest.collect.container.DockerLine;
import io.skopos.ingest.collect.container.PartialLines;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * {@code docker} and {@code cri} where they are not the first stage, or the source gives no bytes.
 * Lines that are not of the runtime pass as they are.
 */
final class ContainerStage implements Stage {

  private static final int MAX_BYTES = 1 << 20;

  private final Stages.Container container;
  private final DockerLine docker = new DockerLine();
  private final ContainerLine line = new ContainerLine();
  private final PartialLines partial = new PartialLines(MAX_BYTES, this::whole);
  private final @Nullable Entry[] begun = new @Nullable Entry[2];
  private @Nullable Next following;

  ContainerStage(Stages.Container container) {
    this.container = container;
  }

  @Override
  public void process(Entry entry, Next next) {
    following = next;
    byte[] bytes = entry.line.getBytes(StandardCharsets.UTF_8);
    boolean parsed =
        container == Stages.Container.CRI
            ? CriLine.parse(bytes, 0, bytes.length, line)
            : docker.parse(bytes, 0, bytes.length, line);
    if (!parsed) {
      next.accept(entry);
      return;
    }
    int stream = line.stream.ordinal();
    if (begun[stream] == null) {
      begun[stream] = entry;
    }
    partial.add(line, entry.from);
  }

  private void whole(
      ContainerLine.Stream stream, long timeNs, byte[] bytes, int offset, int length, long from) {
    Entry entry = begun[stream.ordinal()];
    begun[stream.ordinal()] = null;
    if (entry == null || following == null) {
      return;
    }
    entry.line = new String(bytes, offset, length, StandardCharsets.UTF_8);
    entry.timeNs = timeNs;
    entry.labels.put("stream", stream.key());
    entry.extracted.put("stream", stream.key());
    following.accept(entry);
  }

  @Override
  public void finish(Next next) {
    following = next;
    partial.finish();
  }

  @Override
  public long heldFrom() {
    return partial.heldFrom();
  }
}
