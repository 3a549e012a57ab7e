// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
    assertThat(documented())
        .isEqualTo(HexFormat.of().formatHex(frame.payload(), 0, frame.payloadLength()));
  }

  /** The hex digits at the start of the lines of the example, up to the two spaces. */
  private static String documented() throws IOException {
    Path document = Path.of("..", "docs", "formats", "metrics-frame.md");
    List<String> lines = Files.readAllLines(document);
    int start = lines.indexOf("```hex");
    int end = start + 1 + lines.subList(start + 1, lines.size()).indexOf("```");
    return Arrays.stream(lines.subList(start + 1, end).toArray(String[]::new))
        .map(line -> line.split(" {2}", 2)[0].replace(" ", ""))
        .collect(Collectors.joining());
  }
}
