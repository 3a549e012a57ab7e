// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.testkit.storage.PartInMemory;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
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
    assertThat(hex(part.pages()))
        .isEqualTo(
            "02000000170013085f5f6e616d655f5f02757004686f73740161120162040000000b001c000101027570020400010001020201610103010100000162010301010104000000040008000001000100010001020000000800043100d00f9875020400000008000b0000010104c801fa0600000e0200000009000100d00f010090bf05020000000300010000");
    assertThat(hex(part.footer()))
        .isEqualTo(
            "0202080201270201001d1d00011d242400014110100002085f5f6e616d655f5f0102000004686f73740202010102060101510e0e000305015f131300040c0101720f0f00018101090900");
  }

  /** The second example: histograms, starts and exemplars. */
  @Test
  void histogramsStartsAndExemplarsAreAsDocumented() throws IOException {
    PartInMemory part = new PartInMemory();
    MetricsPartWriter writer = new MetricsPartWriter(part);
    byte[] labels = Labels.of("__name__", "seconds").canonicalBytes();
    writer.series(labels, 0, labels.length);
    SampleBuffer samples = new SampleBuffer();
    samples.add(1_000, 3, histogram(3, 1, 0, 2), 500);
    samples.add(2_000, 6, histogram(6, 2, 1, 3), 500);
    samples.add(3_000, 9, histogram(9, 2, 2, 5), 500);
    writer.samples(samples);
    writer.exemplars(List.of(new Exemplar(Labels.of("id", "7"), 0.5, 1_500)));
    writer.finish(1, 1, 0);
    assertThat(hex(part.pages()))
        .isEqualTo(
            "02000000120011085f5f6e616d655f5f077365636f6e6473020000000f000101077365636f6e64730103010100020000000300010100020000000800033100d00fe80702020000000700000131000603020200000008000100d00f0100a01f02000000030001000002000000240000000003010000030d04000000000000d03f020002040100000a000200840002005440020200000012000000b817000000000000e03f0502696401370200000007000000000100e807");
    assertThat(hex(part.footer()))
        .isEqualTo(
            "02010301011e0101001818000118151500012d09090001085f5f6e616d655f5f0101000002060101360e0e00030501440d0d00040b0101510e0e00015f090900050501682a2a004206019201181800430601aa010d0d00");
  }

  /** Buckets 0, 1 and 4 of schema 2. */
  private static NativeHistogram histogram(double count, double... buckets) {
    return new NativeHistogram(
        2,
        true,
        ResetHint.UNKNOWN,
        0.25,
        0,
        count,
        count,
        new Buckets(new int[] {0, 2, 2, 1}, buckets),
        Buckets.NONE,
        NativeHistogram.NO_CUSTOM_VALUES);
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
