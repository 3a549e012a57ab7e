// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.ingest.yaml.ConfigException;
import java.nio.file.Path;
import java.util.Set;

/** Any text is a config or is refused with a reason. */
class PrometheusConfigFuzzTest {

  @FuzzTest
  void isReadOrRefused(FuzzedDataProvider data) {
    String entry = data.consumeString(200);
    String text = data.consumeBoolean() ? "scrape_configs:\n- " + entry : entry;
    try {
      PrometheusConfig.parse("fuzz.yml", text, Path.of("/etc"), Set.of());
    } catch (ConfigException e) {
      if (e.getMessage() == null) {
        throw new AssertionError("refused without a reason", e);
      }
    }
  }
}
