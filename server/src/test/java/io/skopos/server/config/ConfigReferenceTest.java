// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ConfigReferenceTest {

  private static final String MARK = "a test keeps it true. -->\n";

  @Test
  void thePageOfAllSettingsIsTrue() throws Exception {
    String page = Files.readString(Path.of("..", "docs", "guide", "configuration.md"));
    String reference = ConfigReference.markdown();
    assertThat(page.substring(page.indexOf(MARK) + MARK.length()))
        .as("replace what follows the mark by:\n" + reference)
        .isEqualTo(reference);
  }

  @Test
  void everyDefaultCanBeReadByTheLoader() throws Exception {
    for (String key : ConfigReference.keys(SkoposConfig.class)) {
      assertThat(key).matches("[a-z0-9_]+(\\.[a-z0-9_]+)+");
    }
    assertThat(
            ConfigLoader.read(
                    YamlText.parse("test.yml", ""),
                    Path.of(""),
                    java.util.Map.of("host_metrics.interval", "5s"))
                .skopos()
                .hostMetrics()
                .interval())
        .isEqualTo(java.time.Duration.ofSeconds(5));
  }
}
