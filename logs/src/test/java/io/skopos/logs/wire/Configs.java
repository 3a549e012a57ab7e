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
    return config(List.of(), false, bytes, LogsConfig.DEFAULT.rates());
  }

  public static LogsConfig withRates(LogsConfig.Rates rates) {
    LogsConfig defaults = LogsConfig.DEFAULT;
    return config(
        defaults.discoverServiceName(), defaults.discoverLevel(), defaults.maxQueryBytes(), rates);
  }

  private static LogsConfig config(
      List<String> discoverServiceName,
      boolean discoverLevel,
      ByteSize maxQueryBytes,
      LogsConfig.Rates rates) {
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
        discoverServiceName,
        discoverLevel,
        defaults.levelFields(),
        defaults.otlpIndexAttributes(),
        defaults.otlpDropAttributes(),
        defaults.maxEntries(),
        maxQueryBytes,
        defaults.maxTails(),
        rates);
  }
}
