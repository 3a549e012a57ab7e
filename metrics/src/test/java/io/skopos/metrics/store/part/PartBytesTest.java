// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Labels;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

/** The worked example of docs/formats/metrics-part.md and label-index.md, byte by byte. */
class PartBytesTest {

  @Test
  void aSmallPartIsAsDocumented() throws IOException {
    PartInMemory part = new PartInMemory();
    MetricsPartWriter writer = new MetricsPartWriter(part);
    long[] times = {1_000, 16_000, 31_000, 46_000};
    series(writer, "a", times, 100, 110, 125, 131);
    series(writer, "b", times, 7, 7, 7, 7);
    writer.finish(1, 1, 0);
    assertThat(hex(part.pages))
        .isEqualTo(
            "02000000170013085f5f6e616d655f5f02757004686f73740161120162040000000b001c000101027570020400010001020201610103010100000162010301010104000000040008000001000100010001020000000800043100d00f9875020400000008000b0000010104c801fa0600000e0200000009000100d00f010090bf05020000000300010000");
    assertThat(hex(part.footer))
        .isEqualTo(
            "0102080201270201001d1d00011d242400014110100002085f5f6e616d655f5f0102000004686f73740202010102060101510e0e000305015f131300040c0101720f0f00018101090900");
  }

  private static void series(MetricsPartWriter writer, String host, long[] times, double... values)
      throws IOException {
    byte[] labels = Labels.of("__name__", "up", "host", host).canonicalBytes();
    writer.series(labels, 0, labels.length);
    writer.samples(times, values, 0, times.length);
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }
}
