// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.rates;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.store.frame.FrameCodec;
import io.skopos.logs.wire.Configs;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.documents.Documents;
import io.skopos.storage.documents.StoredDocuments;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class LineRatesTest {

  private static final Sharding SHARDING = new Sharding(4, 11, 12);
  private static final TenantId SHOP = new TenantId("shop");
  private static final List<String> LEVELS = List.of("info", "error", "warn", "unknown");

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final Documents documents = documents();
  private final List<Logged> log = new ArrayList<>();
  private final long[] released = new long[SHARDING.shardCount()];
  private final long[] dispatched = new long[SHARDING.shardCount()];
  private LogsConfig.Rates config =
      new LogsConfig.Rates(true, List.of("app"), Duration.ofSeconds(15), 500);
  private long nowMs = 1_800_000_000_000L;
  private long position;
  private LineRates rates;

  private record Logged(Frame frame, long position) {}

  LineRatesTest() throws IOException {
    Arrays.fill(released, -1);
    Arrays.fill(dispatched, -1);
    rates = started(false);
  }

  private Documents documents() throws IOException {
    PrometheusRegistry registry = new PrometheusRegistry();
    return new StoredDocuments(
        new DirectoryObjectStore(disk, Path.of("/objects"), registry),
        1 << 20,
        new DamagedFiles(InstantSource.system(), registry),
        InstantSource.system(),
        registry);
  }

  /** As after a crash: all that the log has is replayed. */
  private LineRates started(boolean damaged) {
    LineRates fresh = replaying();
    for (Logged frame : log) {
      if (frame.position() > released[frame.frame().shard()]) {
        apply(fresh, frame);
      }
    }
    fresh.begin(damaged);
    return fresh;
  }

  private LineRates replaying() {
    InstantSource clock = () -> Instant.ofEpochMilli(nowMs);
    return new LineRates(
        _ -> Configs.withRates(config),
        documents,
        SHARDING.shardCount(),
        clock,
        new PrometheusRegistry());
  }

  private static void apply(LineRates rates, Logged logged) {
    Frame frame = logged.frame();
    rates.applied(
        frame.tenant(),
        frame.shard(),
        FrameCodec.decode(frame.payload(), frame.payloadLength()),
        logged.position());
  }

  private void write(LogBatch batch) {
    for (Frame frame : batch.toFrames(SHOP, SHARDING)) {
      position += 1 + position % 3;
      Logged logged = new Logged(frame, position);
      log.add(logged);
      dispatched[frame.shard()] = position;
      apply(rates, logged);
    }
  }

  private void write(String app, String level, int lines) {
    LogBatch batch = new LogBatch();
    int stream = batch.stream(Labels.of("app", app, "host", "h" + position % 5));
    for (int i = 0; i < lines; i++) {
      batch.entry(stream, nowMs * 1_000_000, "0123456789");
      batch.metadata(Labels.of("detected_level", level));
    }
    write(batch);
  }

  private long[] freeze() {
    for (int shard = 0; shard < dispatched.length; shard++) {
      rates.freeze(shard, dispatched[shard]);
    }
    return dispatched.clone();
  }

  private void flush() throws IOException {
    long[] cut = freeze();
    rates.flush(cut);
    System.arraycopy(cut, 0, released, 0, cut.length);
    log.removeIf(frame -> frame.position() <= released[frame.frame().shard()]);
  }

  /** Lines and bytes by labels and level; what begins and what ends is marked. */
  private Map<String, String> read() {
    Map<String, String> all = new TreeMap<>();
    rates.read((tenant, counts) ->
        counts.forEach(count -> {
          String state =
              switch (count.state()) {
                case NEW -> " new";
                case GOING_ON -> "";
                case ENDED -> " ended";
              };
          assertThat(tenant).isEqualTo(SHOP);
          all.put(
              count.labels() + " " + count.level().word(),
              count.lines() + " " + count.bytes() + state);
        }));
    return all;
  }

  @Test
  void linesAreCountedByLevelAndTheLabelsChosen() {
    LogBatch batch = new LogBatch();
    int told = batch.stream(Labels.of("app", "shop", "level", "warning", "pod", "1"));
    int other = batch.stream(Labels.of("pod", "2"));
    batch.entry(told, 1, "four");
    batch.entry(told, 2, "a longer line");
    batch.metadata(Labels.of("a", "b", "detected_level", "error", "trace_id", "c0ffee"));
    batch.entry(other, 3, "");
    batch.metadata(Labels.of("detected_level", "ERR"));
    batch.entry(other, 3, "12");
    batch.metadata(Labels.of("detected_level", "notice"));
    write(batch);
    assertThat(read())
        .containsEntry("{app=\"shop\"} warn", "1 4 new")
        .containsEntry("{app=\"shop\"} error", "1 13 new")
        .containsEntry("{} error", "1 0 new")
        .containsEntry("{} unknown", "1 2 new")
        .hasSize(4);
    write("shop", "error", 2);
    assertThat(read())
        .containsEntry("{app=\"shop\"} error", "3 33")
        .containsEntry("{app=\"shop\"} warn", "1 4")
        .hasSize(4);
  }

  @Test
  void countsAreOfTheLogWhereverACrashComes() throws IOException {
    RandomGenerator random = new java.util.SplittableRandom(7);
    Map<String, Long> plain = new TreeMap<>();
    int crashes = 0;
    for (int step = 0; step < 4_000; step++) {
      switch (random.nextInt(16)) {
        case 0 -> {
          // Stored or not, the log has not forgotten.
          rates.flush(freeze());
        }
        case 1 -> flush();
        case 2 -> {
          long[] _ = freeze();
        }
        case 3 -> {
          crashes++;
          rates = started(false);
        }
        case 4 -> {
          Map<String, String> expected = new TreeMap<>();
          plain.forEach((key, lines) -> expected.put(key, lines + " " + 10 * lines));
          Map<String, String> found = read();
          found.replaceAll((_, text) -> text.replace(" new", ""));
          // Of a tenant without lines since the start nothing is told.
          if (!found.isEmpty()) {
            assertThat(found).as("step %s", step).isEqualTo(expected);
          }
        }
        default -> {
          String app = "a" + random.nextInt(5);
          String level = LEVELS.get(random.nextInt(LEVELS.size()));
          int lines = 1 + random.nextInt(20);
          write(app, level, lines);
          plain.merge("{app=\"" + app + "\"} " + level, (long) lines, Long::sum);
        }
      }
    }
    assertThat(crashes).isGreaterThan(100);
  }

  @Test
  void whatAReplayFindsIsNotNew() throws IOException {
    write("shop", "info", 3);
    assertThat(read()).containsEntry("{app=\"shop\"} info", "3 30 new");
    rates = started(false);
    assertThat(read()).containsEntry("{app=\"shop\"} info", "3 30");
    flush();
    rates = started(false);
    write("shop", "info", 1);
    write("shop", "warn", 1);
    assertThat(read())
        .containsEntry("{app=\"shop\"} info", "4 40")
        .containsEntry("{app=\"shop\"} warn", "1 10 new");
  }

  @Test
  void beyondTheBoundLinesAreCountedTogether() throws IOException {
    config = new LogsConfig.Rates(true, List.of("app"), Duration.ofSeconds(15), 3);
    write("a", "info", 1);
    write("a", "warn", 1);
    write("b", "info", 1);
    write("b", "error", 2);
    write("c", "info", 3);
    write("d", "info", 4);
    Map<String, String> expected =
        Map.of(
            "{app=\"a\"} info", "1 10",
            "{app=\"a\"} warn", "1 10",
            "{app=\"b\"} info", "1 10",
            "{app=\"(others)\"} error", "2 20",
            "{app=\"(others)\"} info", "7 70");
    Map<String, String> found = read();
    found.replaceAll((_, text) -> text.replace(" new", ""));
    assertThat(found).isEqualTo(expected);
    flush();
    rates = started(false);
    write("a", "info", 1);
    assertThat(read()).hasSize(5).containsEntry("{app=\"a\"} info", "2 20");
  }

  @Test
  void otherLabelsBeginAtZeroAtOnceAndWithARestart() throws IOException {
    write("shop", "info", 3);
    Map<String, String> _ = read();
    config = new LogsConfig.Rates(true, List.of(), Duration.ofSeconds(15), 500);
    assertThat(read()).isEqualTo(Map.of("{app=\"shop\"} info", "0 0 ended"));
    write("shop", "info", 2);
    assertThat(read()).isEqualTo(Map.of("{} info", "2 20 new"));
    rates = started(false);
    assertThat(read()).isEqualTo(Map.of("{} info", "2 20"));
    flush();
    write("shop", "info", 1);
    config = new LogsConfig.Rates(true, List.of("host"), Duration.ofSeconds(15), 500);
    rates = started(false);
    assertThat(read()).isEmpty();
    flush();
    rates = started(false);
    write("shop", "warn", 1);
    assertThat(read().values()).containsExactly("1 10 new");
  }

  @Test
  void afterDamageCountsBeginAtZero() throws IOException {
    write("shop", "info", 3);
    flush();
    write("shop", "info", 2);
    Map<String, String> _ = read();
    rates = started(true);
    assertThat(read()).isEqualTo(Map.of("{app=\"shop\"} info", "0 0 ended"));
    write("shop", "info", 1);
    assertThat(read()).isEqualTo(Map.of("{app=\"shop\"} info", "1 10 new"));
    rates = started(false);
    assertThat(read()).isEqualTo(Map.of("{app=\"shop\"} info", "1 10"));
    flush();
    rates = started(true);
    write("shop", "info", 2);
    assertThat(read())
        .as("an end is not told of what began at once")
        .isEqualTo(Map.of("{app=\"shop\"} info", "2 20 new"));
  }

  @Test
  void idleOnesAreForgottenByAFlushAndBeginAtZero() throws IOException {
    write("shop", "info", 3);
    write("cart", "info", 1);
    Map<String, String> _ = read();
    flush();
    nowMs += LineRates.IDLE.toMillis() + 1;
    write("cart", "info", 1);
    assertThat(read()).containsEntry("{app=\"shop\"} info", "3 30");
    long[] cut = freeze();
    write("shop", "warn", 1);
    rates.flush(cut);
    assertThat(read())
        .as("what came after the cut is what it counts from now on")
        .isEqualTo(Map.of("{app=\"shop\"} warn", "1 10 new", "{app=\"cart\"} info", "2 20"));
    nowMs += LineRates.IDLE.toMillis() + 1;
    flush();
    nowMs += LineRates.IDLE.toMillis() + 1;
    flush();
    assertThat(read().values()).containsOnly("0 0 ended");
    flush();
    rates = started(false);
    assertThat(read()).isEmpty();
    write("shop", "info", 1);
    assertThat(read()).isEqualTo(Map.of("{app=\"shop\"} info", "1 10 new"));
  }

  @Test
  void settingsThatCannotWorkAreNamed() {
    assertThatThrownBy(() -> new LogsConfig.Rates(true, List.of("level"), Duration.ofSeconds(1), 1))
        .hasMessageContaining("logs.rates.labels: 'level'");
    assertThatThrownBy(() -> new LogsConfig.Rates(true, List.of("a-b"), Duration.ofSeconds(1), 1))
        .hasMessageContaining("logs.rates.labels: 'a-b'");
    assertThatThrownBy(() -> new LogsConfig.Rates(true, List.of(), Duration.ofSeconds(1), 1001))
        .hasMessageContaining("logs.rates.max_series");
    assertThatThrownBy(() -> new LogsConfig.Rates(true, List.of(), Duration.ofMillis(1), 1))
        .hasMessageContaining("logs.rates.interval");
  }
}
