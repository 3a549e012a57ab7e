// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.logs.LogsConfig;
import io.skopos.model.config.ByteSize;
import java.util.List;

/** Settings for tests. */
public final class Configs {

  private Configs() {}

  public static LogsConfig withoutDiscovery() {
    return withMaxQueryBytes(new ByteSize(0));
  }

  /** Without discovery, too. */
  public static LogsConfig withMaxQueryBytes(ByteSize bytes) {
    LogsConfig defaults = LogsConfig.DEFAULT;
    return new LogsConfig(
        defaults.bytesPerSecond(),
        defaults.burst(),
        defaults.maxLine(),
        defaults.truncateLines(),
        defaults.labelsPerStream(),
        defaults.labelNameBytes(),
        defaults.labelValueBytes(),
        defaults.streams(),
        defaults.streamWindow(),
        defaults.maxMetadata(),
        defaults.metadataEntries(),
        defaults.maxAge(),
        List.of(),
        false,
        defaults.levelFields(),
        defaults.otlpIndexAttributes(),
        defaults.otlpDropAttributes(),
        defaults.maxEntries(),
        bytes,
        defaults.maxTails(),
        defaults.rates());
  }

  public static LogsConfig withRates(LogsConfig.Rates rates) {
    LogsConfig defaults = LogsConfig.DEFAULT;
    return new LogsConfig(
        defaults.bytesPerSecond(),
        defaults.burst(),
        defaults.maxLine(),
        defaults.truncateLines(),
        defaults.labelsPerStream(),
        defaults.labelNameBytes(),
        defaults.labelValueBytes(),
        defaults.streams(),
        defaults.streamWindow(),
        defaults.maxMetadata(),
        defaults.metadataEntries(),
        defaults.maxAge(),
        defaults.discoverServiceName(),
        defaults.discoverLevel(),
        defaults.levelFields(),
        defaults.otlpIndexAttributes(),
        defaults.otlpDropAttributes(),
        defaults.maxEntries(),
        defaults.maxQueryBytes(),
        defaults.maxTails(),
        rates);
  }
}
