// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** Keeps the worked example of docs/formats/metrics-frame.md true. */
class FrameExampleTest {

  @Test
  void theDocumentShowsTheBytesThatAreWritten() throws IOException {
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "up", "instance", "a:1", "job", "n"));
    batch.sample(1_700_000_000_000L, 1);
    batch.series(Labels.of("__name__", "load1", "instance", "a:1", "job", "n"));
    batch.sample(1_700_000_000_000L, 0.25);
    batch.metadata(1_700_000_000_000L, "load1", new MetricMetadata("gauge", "Load.", ""));
    Frame frame = batch.toFrames(new TenantId("acme"), new Sharding(1, 1, 2)).getFirst();
    assertThat(documented(0))
        .isEqualTo(HexFormat.of().formatHex(frame.payload(), 0, frame.payloadLength()));
  }

  @Test
  void theDocumentShowsHistogramsStartsAndExemplars() throws IOException {
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "seconds"));
    batch.histogram(1_000, histogram(3, 1, 0, 2), 500);
    batch.histogram(2_000, histogram(6, 2, 1, 3), 500);
    batch.exemplar(new Exemplar(Labels.of("id", "7"), 0.5, 1_500));
    Frame frame = batch.toFrames(new TenantId("acme"), new Sharding(1, 1, 2)).getFirst();
    assertThat(documented(1))
        .isEqualTo(HexFormat.of().formatHex(frame.payload(), 0, frame.payloadLength()));
  }

  @Test
  void theDocumentShowsTheSameRowsWithASection() throws IOException {
    List<FrameRows> read = new ArrayList<>();
    for (int example : new int[] {0, 2}) {
      byte[] payload = HexFormat.of().parseHex(documented(example));
      read.add(FrameDecoder.decode(payload, payload.length));
    }
    assertThat(FrameRoundTripTest.rows(read.get(1)))
        .hasSize(3)
        .isEqualTo(FrameRoundTripTest.rows(read.get(0)));
  }

  /** Sums are the counts; buckets 0, 1 and 4 of schema 2. */
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

  /** The hex digits at the start of the lines of an example, up to the two spaces. */
  private static String documented(int example) throws IOException {
    Path document = Path.of("..", "docs", "formats", "metrics-frame.md");
    List<String> lines = Files.readAllLines(document);
    int start = lines.indexOf("```hex");
    for (int i = 0; i < example; i++) {
      start += 1 + lines.subList(start + 1, lines.size()).indexOf("```hex");
    }
    int end = start + 1 + lines.subList(start + 1, lines.size()).indexOf("```");
    return Arrays.stream(lines.subList(start + 1, end).toArray(String[]::new))
        .map(line -> line.split(" {2}", 2)[0].replace(" ", ""))
        .collect(Collectors.joining());
  }
}
