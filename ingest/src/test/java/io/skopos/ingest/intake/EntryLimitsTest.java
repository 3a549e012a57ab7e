// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.WriteRefused;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class EntryLimitsTest {

  private static final TenantId TENANT = new TenantId("team");
  private static final Labels APP = Labels.of("app", "api");
  private static final long SECOND = 1_000_000_000L;

  private long nowMs = 1_700_000_000_000L;
  private long oldestKeptMs = Long.MIN_VALUE;

  @Test
  void aLongLineIsLeftOutAndTheOthersStay() {
    LogBatch batch = batch(APP, "short", "x".repeat(300 << 10), "also short");
    WriteRefused refused = refused(limits(LogsConfig.DEFAULT), batch);
    assertThat(refused.httpStatus()).isEqualTo(400);
    assertThat(refused.keptRows()).isEqualTo(2);
    assertThat(refused)
        .hasMessageContaining(
            "Max entry size '262144' bytes exceeded for stream '{app=\"api\"}' while adding an"
                + " entry with length '307200' bytes")
        .hasMessageContaining("overrides.team.logs.max_line");
    assertThat(lines(batch)).containsExactly("short", "also short");
  }

  @Test
  void aLongLineIsCutWhereThatIsWanted() {
    LogBatch batch = batch(APP, "abcdef", "abc", "xyzuvw");
    batch.metadata(Labels.of("last", "1"));
    assertThat(limits(config(4, true, 0, 0, 0)).check(TENANT, batch)).isNull();
    assertThat(lines(batch)).containsExactly("abcd", "abc", "xyzu");
    assertThat((Object) batch.metadata(2)).isEqualTo(Labels.of("last", "1"));
    assertThat((Object) batch.metadata(1)).isEqualTo(Labels.EMPTY);
  }

  @Test
  void timesBeforeTheRetentionAndAheadOfTheClockAreRefused() {
    oldestKeptMs = nowMs - 1000;
    LogBatch batch = new LogBatch();
    int stream = batch.stream(APP);
    batch.entry(stream, (nowMs - 2000) * 1_000_000, "old");
    batch.entry(stream, nowMs * 1_000_000, "now");
    batch.entry(stream, (nowMs + 2 * 86_400_000L) * 1_000_000, "future");
    WriteRefused refused = refused(limits(LogsConfig.DEFAULT), batch);
    assertThat(refused)
        .hasMessageContaining(
            "entry for stream '{app=\"api\"}' has timestamp too old: 2023-11-14T22:13:18Z, oldest"
                + " acceptable timestamp is: 2023-11-14T22:13:19Z")
        .hasMessageContaining("has timestamp too new: 2023-11-16T22:13:20Z");
    assertThat(lines(batch)).containsExactly("now");
  }

  @Test
  void anAgeMayBeTooMuch() {
    LogBatch batch = new LogBatch();
    batch.entry(batch.stream(APP), (nowMs - 7200_000) * 1_000_000, "old");
    WriteRefused refused = refused(limits(config(0, false, 0, 0, 3600)), batch);
    assertThat(refused.keptRows()).isZero();
    assertThat(refused).hasMessageContaining("too old").hasMessageContaining("logs.max_age");
  }

  @Test
  void labelsOfAStreamAreLimited() {
    LogBatch batch = batch(APP, "good");
    batch.entry(batch.stream(Labels.of("x".repeat(1025), "v")), SECOND, "long name");
    batch.entry(batch.stream(Labels.of("n", "v".repeat(2049))), SECOND, "long value");
    WriteRefused refused = refused(limits(LogsConfig.DEFAULT), batch);
    assertThat(refused)
        .hasMessageContaining("has label name too long: 'xxx")
        .hasMessageContaining("has label value too long: 'vvv");
    assertThat(lines(batch)).containsExactly("good");
  }

  @Test
  void structuredMetadataIsLimited() {
    LogBatch batch = batch(APP, "a");
    batch.entry(0, SECOND, "b");
    batch.metadata(Labels.of("k", "v".repeat(65 << 10)));
    WriteRefused refused = refused(limits(LogsConfig.DEFAULT), batch);
    assertThat(refused)
        .hasMessageContaining("stream '{app=\"api\"}' has structured metadata too large:")
        .hasMessageContaining("limit: '65536' bytes");
    assertThat(lines(batch)).containsExactly("a");
  }

  @Test
  void beyondTheLimitOnlyKnownStreamsAreTaken() {
    TenantLimits limits = limits(config(0, false, 2, 0, 0));
    assertThat(limits.check(TENANT, batch(APP, "1"))).isNull();
    LogBatch batch = batch(APP, "2");
    batch.entry(batch.stream(Labels.of("app", "b")), SECOND, "3");
    batch.entry(batch.stream(Labels.of("app", "c")), SECOND, "4");
    WriteRefused refused = refused(limits, batch);
    assertThat(refused.httpStatus()).isEqualTo(429);
    assertThat(refused)
        .hasMessageContaining(
            "Maximum active stream limit exceeded when trying to create stream {app=\"c\"}");
    assertThat(lines(batch)).containsExactly("2", "3");
    assertThat(limits.check(new TenantId("other"), batch(Labels.of("app", "d"), "5"))).isNull();
  }

  @Test
  void bytesAreLimitedByTheSecond() {
    TenantLimits limits = limits(config(0, false, 0, 100, 0));
    assertThat(limits.check(TENANT, batch(APP, "x".repeat(2000)))).isNull();
    assertThatThrownBy(() -> limits.check(TENANT, batch(APP, "y".repeat(50), "z")))
        .isInstanceOfSatisfying(
            WriteRefused.class,
            refused -> {
              assertThat(refused.httpStatus()).isEqualTo(429);
              assertThat(refused.retryAfter()).isPositive();
            })
        .hasMessageStartingWith(
            "Ingestion rate limit exceeded for user team (limit: 100 bytes/sec) while attempting"
                + " to ingest '2' lines totaling '51' bytes, reduce log volume or");
    nowMs += 60_000;
    assertThat(limits.check(TENANT, batch(APP, "later"))).isNull();
  }

  private WriteRefused refused(TenantLimits limits, LogBatch batch) {
    Refusals refusals = requireNonNull(limits.check(TENANT, batch));
    return refusals.refused(batch.rows());
  }

  private static List<String> lines(LogBatch batch) {
    return IntStream.range(0, batch.rows())
        .mapToObj(row ->
            new String(
                batch.lineBytes(),
                batch.lineFrom(row),
                batch.lineLength(row),
                StandardCharsets.UTF_8))
        .toList();
  }

  private static LogBatch batch(Labels stream, String... lines) {
    LogBatch batch = new LogBatch();
    int number = batch.stream(stream);
    for (String line : lines) {
      batch.entry(number, SECOND, line);
    }
    return batch;
  }

  private TenantLimits limits(LogsConfig config) {
    return new TenantLimits(
        _ -> IntakeLimits.defaults(),
        _ -> config,
        10,
        () -> Instant.ofEpochMilli(nowMs),
        (_, _) -> oldestKeptMs,
        new IntakeMetrics(new PrometheusRegistry()));
  }

  private static LogsConfig config(
      long maxLine, boolean truncate, long streams, long bytesPerSecond, long maxAgeSeconds) {
    LogsConfig defaults = LogsConfig.DEFAULT;
    return new LogsConfig(
        new ByteSize(bytesPerSecond),
        defaults.burst(),
        new ByteSize(maxLine),
        truncate,
        defaults.labelsPerStream(),
        defaults.labelNameBytes(),
        defaults.labelValueBytes(),
        streams,
        defaults.streamWindow(),
        defaults.maxMetadata(),
        defaults.metadataEntries(),
        Duration.ofSeconds(maxAgeSeconds),
        defaults.discoverServiceName(),
        defaults.discoverLevel(),
        defaults.levelFields(),
        defaults.otlpIndexAttributes(),
        defaults.otlpDropAttributes(),
        defaults.maxEntries(),
        defaults.maxQueryBytes(),
        defaults.maxTails(),
        defaults.rates());
  }
}
