// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.model.Labels;
import org.jspecify.annotations.Nullable;

/** Puts the level that is found out into an entry's metadata. */
final class Levels {

  private Levels() {}

  static Labels with(Labels metadata, String level) {
    MetadataBuffer labels = new MetadataBuffer();
    labels.addAll(metadata);
    labels.level(level);
    Labels built = labels.build();
    return built == null ? metadata : built;
  }

  /** The metadata with the level there is, wherever it is told. */
  static Labels found(
      Labels metadata,
      @Nullable String stream,
      byte[] line,
      int from,
      int to,
      Discovery discovery) {
    if (!discovery.levels()) {
      return metadata;
    }
    byte[] sent = metadata.canonicalBytes();
    String told = discovery.told(sent, sent.length, stream);
    if (told != null) {
      return with(metadata, told);
    }
    Level level = discovery.levelOfLine(line, from, to);
    return metadata.isEmpty() ? MetadataBuffer.levelOnly(level) : with(metadata, level.word());
  }
}
