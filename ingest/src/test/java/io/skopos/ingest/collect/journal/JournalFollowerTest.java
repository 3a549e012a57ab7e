// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.journal;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.collect.StoredEntries;
import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.Delivery;
import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.collect.delivery.SourceKind;
import io.skopos.ingest.collect.positions.Positions;
import io.skopos.ingest.collect.stage.Stages;
import io.skopos.ingest.relabel.RelabelAction;
import io.skopos.ingest.relabel.RelabelRule;
import io.skopos.ingest.relabel.Relabelling;
import io.skopos.logs.wire.Discoveries;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.disk.RealDisk;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JournalFollowerTest {

  @TempDir Path directory;

  private final StoredEntries stored = new StoredEntries();
  private final CollectMetrics metrics = new CollectMetrics(new PrometheusRegistry());

  private static byte[] export(int from, int to) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = from; i < to; i++) {
      String message = i % 2 == 0 ? "plain " + i : "two\nlines " + i;
      out.writeBytes(
          ("__CURSOR=c"
                  + i
                  + "\n__REALTIME_TIMESTAMP="
                  + (1_714_557_600_000_000L + i)
                  + "\n_SYSTEMD_UNIT=ssh.service\nPRIORITY=3\n")
              .getBytes(StandardCharsets.UTF_8));
      if (i % 2 == 0) {
        out.writeBytes(("MESSAGE=" + message + "\n").getBytes(StandardCharsets.UTF_8));
      } else {
        // As journalctl writes values with control characters: length in little-endian, then bytes.
        byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
        out.writeBytes("MESSAGE\n".getBytes(StandardCharsets.UTF_8));
        out.writeBytes(new byte[] {(byte) bytes.length, 0, 0, 0, 0, 0, 0, 0});
        out.writeBytes(bytes);
        out.write('\n');
      }
      out.write('\n');
    }
    return out.toByteArray();
  }

  private JournalFollower follower(String program, Positions positions, boolean json) {
    RelabelRule unit =
        new RelabelRule(
            List.of("__journal__systemd_unit"),
            ";",
            "(.*)",
            0,
            "unit",
            "$1",
            RelabelAction.REPLACE);
    RelabelRule level =
        new RelabelRule(
            List.of("__journal_priority_keyword"),
            ";",
            "(.*)",
            0,
            "level",
            "$1",
            RelabelAction.REPLACE);
    return new JournalFollower(
        program,
        "journal",
        new JournalSettings(json, Duration.ofHours(7), "", List.of(), Labels.of("job", "j")),
        new Relabelling(List.of(unit, level)),
        Stages.NONE,
        new EntryBatches(new TenantId("t"), new Discoveries(_ -> StoredEntries.PLAIN)),
        new Delivery(stored, SourceKind.JOURNAL, metrics),
        positions,
        metrics);
  }

  /** A stand-in that prints recorded bytes, notes how it was called, and then waits. */
  private String program(byte[] output) throws Exception {
    Files.write(directory.resolve("export"), output);
    Path script = directory.resolve("journalctl");
    Files.writeString(
        script,
        "#!/bin/sh\necho \"$@\" >> "
            + directory.resolve("calls")
            + "\ncat "
            + directory.resolve("export")
            + "\nexec sleep 30\n");
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwxr-xr-x"));
    return script.toString();
  }

  @Test
  void entriesComeWithLabelsAndTheCursorIsKept() throws Exception {
    String program = program(export(0, 10));
    try (Positions positions = Positions.open(new RealDisk(), directory.resolve("p"));
        JournalFollower follower = follower(program, positions, false)) {
      follower.start();
      List<StoredEntries.Stored> all = stored.await(10);
      assertThat(all.get(1).line()).isEqualTo("two\nlines 1");
      assertThat(all.get(1).timeNs()).isEqualTo(1_714_557_600_000_001_000L);
      assertThat((Object) all.get(1).stream())
          .isEqualTo(Labels.of("job", "j", "unit", "ssh.service", "level", "error"));
    }
    Files.write(directory.resolve("export"), export(10, 12));
    try (Positions positions = Positions.open(new RealDisk(), directory.resolve("p"));
        JournalFollower follower = follower(program, positions, false)) {
      follower.start();
      stored.await(12);
    }
    List<String> calls = Files.readAllLines(directory.resolve("calls"));
    assertThat(calls.getFirst()).contains("--follow").contains("--since=-25200s");
    assertThat(calls.getLast()).contains("--after-cursor=c9");
  }

  @Test
  void entriesAsJson() throws Exception {
    try (Positions positions = Positions.open(new RealDisk(), directory.resolve("p"));
        JournalFollower follower = follower(program(export(0, 1)), positions, true)) {
      follower.start();
      assertThat(stored.await(1).getFirst().line())
          .contains("\"MESSAGE\":\"plain 0\"")
          .contains("\"_SYSTEMD_UNIT\":\"ssh.service\"");
    }
  }

  /** Where a journal runs that we may write to and read. */
  @Test
  void aRealJournalIsFollowed() throws Exception {
    String tag = "skopos-" + System.nanoTime();
    assumeTrue(cat(tag, "first") && shown(tag), "there is no journal to write to and read");
    JournalSettings settings =
        new JournalSettings(
            false,
            Duration.ofHours(7),
            "",
            List.of("SYSLOG_IDENTIFIER=" + tag),
            Labels.of("job", "j"));
    try (Positions positions = Positions.open(new RealDisk(), directory.resolve("p"));
        JournalFollower follower =
            new JournalFollower(
                "journalctl",
                "journal",
                settings,
                new Relabelling(List.of()),
                Stages.NONE,
                new EntryBatches(new TenantId("t"), new Discoveries(_ -> StoredEntries.PLAIN)),
                new Delivery(stored, SourceKind.JOURNAL, metrics),
                positions,
                metrics)) {
      follower.start();
      stored.await(1);
      assertThat(cat(tag, "second")).isTrue();
      assertThat(stored.await(2).stream().map(StoredEntries.Stored::line))
          .containsExactly("first", "second");
    }
  }

  private static boolean cat(String tag, String text) throws InterruptedException {
    try {
      return new ProcessBuilder("systemd-cat", "-t", tag, "echo", text).start().waitFor() == 0;
    } catch (IOException e) {
      return false;
    }
  }

  private static boolean shown(String tag) throws IOException, InterruptedException {
    for (int i = 0; i < 20; i++) {
      Process process = new ProcessBuilder("journalctl", "-q", "-o", "cat", "-t", tag).start();
      if (process.getInputStream().readAllBytes().length > 0) {
        return true;
      }
      process.waitFor();
      TimeUnit.MILLISECONDS.sleep(50);
    }
    return false;
  }

  @Test
  void aHostWithoutJournalctlIsNoError() throws Exception {
    try (Positions positions = Positions.open(new RealDisk(), directory.resolve("p"));
        JournalFollower follower =
            follower(directory.resolve("missing").toString(), positions, false)) {
      follower.start();
      follower.join();
      assertThat(follower.problem()).contains("there is no");
    }
  }

  @Test
  void giantValuesAreCutAndBrokenStreamsEnd() throws Exception {
    byte[] giant = new byte[ExportReader.MAX_VALUE_BYTES + 100];
    Arrays.fill(giant, (byte) 'x');
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("A=1\nB\n".getBytes(StandardCharsets.UTF_8));
    for (int shift = 0; shift < 64; shift += 8) {
      out.write((int) ((long) giant.length >> shift));
    }
    out.writeBytes(giant);
    out.writeBytes("\nC=3\n\nD=without end".getBytes(StandardCharsets.UTF_8));
    ExportReader reader = new ExportReader(new ByteArrayInputStream(out.toByteArray()));
    Map<String, String> entry = requireNonNull(reader.next());
    assertThat(entry).containsEntry("A", "1").containsEntry("C", "3");
    assertThat(entry.get("B")).hasSize(ExportReader.MAX_VALUE_BYTES);
    assertThat(reader.next()).isNull();
  }
}
