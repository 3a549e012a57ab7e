// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The peers' own cases: strict OpenMetrics, the reference decoder of text 0.0.4, big scrapes. */
class ExpositionConformanceTest {

  @TestFactory
  Stream<DynamicTest> openMetricsTakenStrictly() throws IOException {
    return list(data().resolve("parsers")).stream()
        .map(directory ->
            DynamicTest.dynamicTest(
                directory.getFileName().toString(),
                () -> {
                  String test = Files.readString(directory.resolve("test.json"));
                  boolean expected = test.replaceAll("\\s", "").contains("\"shouldParse\":true");
                  check(
                      ExpositionParser.strict(ExpositionFormat.OPENMETRICS),
                      Files.readAllBytes(directory.resolve("metrics")),
                      expected);
                }));
  }

  @TestFactory
  Stream<DynamicTest> textTakenStrictly() throws IOException {
    return list(data().resolve("text-format")).stream()
        .map(file ->
            DynamicTest.dynamicTest(
                file.getFileName().toString(),
                () ->
                    check(
                        ExpositionParser.strict(ExpositionFormat.TEXT),
                        Files.readAllBytes(file),
                        !file.getFileName().toString().contains("error"))));
  }

  @Test
  void bothFormatsOfTheSameScrapeHoldTheSameNumberOfSamples() throws Exception {
    Path samples = data().resolve("expfmt-samples");
    byte[] text = Files.readAllBytes(samples.resolve("text"));
    CollectingSink sink = new CollectingSink();
    ExpositionParser.strict(ExpositionFormat.TEXT)
        .parse(text, 0, text.length, new SeriesCache(LabelMapping.IDENTITY, 100_000), sink);
    ProtobufCount protobuf =
        ProtobufCount.of(new ByteArrayInputStream(Files.readAllBytes(samples.resolve("protobuf"))));
    assertThat(sink.types()).isEqualTo(protobuf.families());
    assertThat(sink.samples().size()).isEqualTo(protobuf.samples());
  }

  @Test
  void protobufReadsTheSameSamplesAsText() throws Exception {
    Path samples = data().resolve("expfmt-samples");
    CollectingSink text = new CollectingSink();
    read(ExpositionFormat.TEXT, Files.readAllBytes(samples.resolve("text")), text);
    CollectingSink protobuf = new CollectingSink();
    read(ExpositionFormat.PROTOBUF, Files.readAllBytes(samples.resolve("protobuf")), protobuf);
    // Order differs, and text writes whole quantiles without a point.
    assertThat(protobuf.samples().stream().map(line -> line.replace(".0\"", "\"")))
        .containsExactlyInAnyOrderElementsOf(text.samples());
    assertThat(protobuf.metadata()).containsExactlyInAnyOrderElementsOf(text.metadata());

    byte[] several = Files.readAllBytes(samples.resolve("protobuf-multimessage"));
    CollectingSink multiple = new CollectingSink();
    read(ExpositionFormat.PROTOBUF, several, multiple);
    assertThat(multiple.types())
        .isEqualTo(ProtobufCount.of(new ByteArrayInputStream(several)).families());
  }

  private static void read(ExpositionFormat format, byte[] body, CollectingSink sink)
      throws ExpositionException {
    ExpositionParser.lax(format)
        .parse(body, 0, body.length, new SeriesCache(LabelMapping.IDENTITY, 100_000), sink);
  }

  @Test
  void bigScrapesParseCompletely() throws Exception {
    for (String name : List.of("alltypes.237mfs.prom.txt", "alltypes.5mfs.om.txt")) {
      byte[] body = Files.readAllBytes(data().resolve("large").resolve(name));
      ExpositionFormat format =
          name.contains(".om.") ? ExpositionFormat.OPENMETRICS : ExpositionFormat.TEXT;
      long lines =
          new String(body, StandardCharsets.UTF_8)
              .lines()
              .filter(line -> !line.startsWith("#") && !line.isBlank())
              .count();
      SeriesCache cache = new SeriesCache(LabelMapping.IDENTITY, Integer.MAX_VALUE);
      for (int scrape = 0; scrape < 3; scrape++) {
        CollectingSink sink = new CollectingSink();
        ExpositionParser.lax(format).parse(body, 0, body.length, cache, sink);
        assertThat(sink.samples()).as(name).hasSize((int) lines);
        assertThat(cache.stored()).as(name).hasSize((int) lines);
      }
    }
  }

  private static void check(ExpositionParser parser, byte[] body, boolean shouldParse) {
    String text = new String(body, StandardCharsets.UTF_8);
    try {
      parser.parse(
          body, 0, body.length, new SeriesCache(LabelMapping.IDENTITY, 1000), new CollectingSink());
    } catch (ExpositionException e) {
      if (shouldParse) {
        fail("refused with '%s':%n%s", e.getMessage(), text);
      }
      assertThat(e.line()).isBetween(1, text.split("\n", -1).length);
      return;
    }
    if (!shouldParse) {
      fail("accepted:%n%s", text);
    }
  }

  private static Path data() {
    String root = System.getProperty("skopos.conformance", "");
    Path path = Path.of(root, "openmetrics");
    Assumptions.assumeTrue(
        !root.isEmpty() && Files.isDirectory(path),
        "the peers' cases are not there (-Dskopos.conformance=DIR)");
    return path;
  }

  private static List<Path> list(Path directory) throws IOException {
    try (Stream<Path> files = Files.list(directory)) {
      return files.sorted().toList();
    }
  }
}
