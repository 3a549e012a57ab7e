// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import static java.nio.file.StandardOpenOption.APPEND;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.TRUNCATE_EXISTING;
import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.ingest.collect.StoredEntries;
import io.skopos.model.Labels;
import io.skopos.storage.WriteRefused;
import io.skopos.storage.WriteUnavailable;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileCollectorTest {

  @TempDir Path directory;

  private final StoredEntries stored = new StoredEntries();

  private Path state() {
    return directory.resolve("state");
  }

  private Path logs() throws IOException {
    return Files.createDirectories(directory.resolve("logs"));
  }

  private static void append(Path file, String text) throws IOException {
    Files.writeString(file, text, CREATE, APPEND);
  }

  private static String lines(String prefix, int from, int to) {
    StringBuilder text = new StringBuilder();
    for (int i = from; i < to; i++) {
      text.append(prefix).append(' ').append(i).append(" and something more to be read\n");
    }
    return text.toString();
  }

  @Test
  void whatIsThereAndWhatComesIsReadOnceAndALineIsWaitedFor() throws Exception {
    Path file = logs().resolve("app.log");
    append(file, "one\ntwo\r\n\nhalf");
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/*.log"))) {
      stored.await(3);
      append(file, " and half\nlast\n");
      List<StoredEntries.Stored> all = stored.await(5);
      assertThat(all.stream().map(StoredEntries.Stored::line))
          .containsExactly("one", "two", "", "half and half", "last");
      assertThat((Object) all.getFirst().stream())
          .isEqualTo(Labels.of("job", "test", "filename", file.toString()));
      assertThat(all.stream().map(StoredEntries.Stored::timeNs)).isSorted().doesNotHaveDuplicates();
    }
    append(file, "after the restart\n");
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/*.log"))) {
      stored.await(6);
      assertThat(stored.lines()).endsWith("after the restart");
      assertThat(stored.repeats()).isZero();
    }
  }

  @Test
  void newFilesInNewDirectoriesAreFound() throws Exception {
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/**/*.{log,txt}"))) {
      Path deep = Files.createDirectories(logs().resolve("a/b"));
      append(deep.resolve("x.log"), "deep\n");
      append(logs().resolve("y.txt"), "flat\n");
      append(logs().resolve("z.other"), "not this\n");
      stored.await(2);
      assertThat(stored.lines()).containsExactlyInAnyOrder("deep", "flat");
    }
  }

  @Test
  void aFileThatIsRenamedIsReadToItsEnd() throws Exception {
    Path file = logs().resolve("app.log");
    append(file, lines("first", 0, 100));
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/app.log"))) {
      stored.await(100);
      append(file, lines("first", 100, 110));
      Files.move(file, logs().resolve("app.log.1"));
      append(logs().resolve("app.log.1"), lines("first", 110, 120));
      append(file, lines("second", 0, 50));
      List<StoredEntries.Stored> all = stored.await(170);
      assertThat(all.stream().map(entry -> entry.stream().get("filename")))
          .containsOnly(file.toString());
      assertThat(stored.repeats()).isZero();
    }
  }

  @Test
  void aFileThatWasRenamedWhileNobodyLookedIsReadToItsEnd() throws Exception {
    Path file = logs().resolve("app.log");
    append(file, lines("first", 0, 100));
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/app.log"))) {
      stored.await(100);
    }
    append(file, lines("first", 100, 110));
    Files.move(file, logs().resolve("app.log.1"));
    append(file, lines("second", 0, 10));
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/app.log"))) {
      stored.await(120);
    }
    Files.delete(logs().resolve("app.log.1"));
    append(file, lines("second", 10, 20));
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/app.log"))) {
      stored.await(130);
      assertThat(stored.repeats()).isZero();
    }
  }

  @Test
  void aFileThatWasRenamedAndCompressedWhileNobodyLookedIsReadToItsEnd() throws Exception {
    Path file = logs().resolve("app.log");
    append(file, lines("first", 0, 100));
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/app.log"))) {
      stored.await(100);
    }
    append(file, lines("first", 100, 110));
    try (OutputStream out =
        new GZIPOutputStream(Files.newOutputStream(logs().resolve("app.log.1.gz")))) {
      out.write(Files.readAllBytes(file));
    }
    Files.delete(file);
    append(file, lines("second", 0, 10));
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/app.log"))) {
      stored.await(120);
      assertThat(stored.lines()).doesNotHaveDuplicates();
    }
  }

  @Test
  void aFileThatIsCopiedAndCutIsReadFromItsCopy() throws Exception {
    Path file = logs().resolve("app.log");
    append(file, lines("first", 0, 100));
    StoredEntries paused = stored;
    try (Tailing tailing = new Tailing(state(), stored, Tailing.job(logs() + "/app.log*"))) {
      paused.await(100);
      // What comes now is not read before the file is cut.
      paused.refuse(_ -> new WriteUnavailable("full", null));
      append(file, "filler\n");
      paused.awaitRefusals(1);
      append(file, lines("first", 100, 150));
      Files.copy(file, logs().resolve("app.log.1"));
      Files.writeString(file, lines("second", 0, 5), TRUNCATE_EXISTING);
      paused.refuse(_ -> null);
      paused.await(156);
      assertThat(stored.lines()).doesNotHaveDuplicates();
      assertThat(tailing.metrics.lostBytes.get()).isZero();
    }
  }

  @Test
  void aFileThatIsCutAndGrowsBeyondWhereItWasIsNoticed() throws Exception {
    Path file = logs().resolve("app.log");
    append(file, lines("same", 0, 10) + lines("first", 0, 10));
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/app.log"))) {
      stored.await(20);
    }
    // Begins the same, and is longer.
    Files.writeString(file, lines("same", 0, 10) + lines("second", 0, 90), TRUNCATE_EXISTING);
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/app.log"))) {
      stored.await(all -> all.stream().anyMatch(e -> e.line().startsWith("second 89 ")));
      assertThat(stored.lines()).contains(lines("second", 0, 1).strip());
    }
  }

  @Test
  void anotherFileWithTheSameNumberIsAnotherFile() throws Exception {
    Path file = logs().resolve("app.log");
    append(file, lines("first", 0, 100));
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/*.log"))) {
      stored.await(100);
    }
    // The same inode: written anew in place, under another name.
    Files.writeString(file, lines("second", 0, 300), TRUNCATE_EXISTING);
    Path other = logs().resolve("other.log");
    Files.move(file, other);
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/*.log"))) {
      List<StoredEntries.Stored> all = stored.await(400);
      assertThat(all.getLast().stream().get("filename")).isEqualTo(other.toString());
    }
  }

  @Test
  void aDeletedFileIsReadToItsEndEvenWhileTheStoreIsFull() throws Exception {
    Path file = logs().resolve("app.log");
    append(file, "start\n");
    try (Tailing tailing = new Tailing(state(), stored, Tailing.job(logs() + "/*.log"))) {
      stored.await(1);
      stored.refuse(_ -> new WriteRefused(429, "too much", Duration.ofMillis(50)));
      append(file, lines("late", 0, 10) + "and no end");
      stored.awaitRefusals(2);
      append(file, " of it\n" + lines("later", 0, 10) + "half a line");
      Files.delete(file);
      stored.refuse(_ -> null);
      stored.await(23);
      assertThat(stored.lines()).contains("and no end of it").endsWith("half a line");
      assertThat(tailing.metrics.lostBytes.get()).isZero();
    }
  }

  @Test
  void whatACrashRepeatsIsTheSame() throws Exception {
    Path file = logs().resolve("app.log");
    append(file, lines("a", 0, 1000));
    Tailing first = new Tailing(state(), stored, Tailing.job(logs() + "/*.log"));
    stored.await(1000);
    first.crash();
    append(file, lines("a", 1000, 1100));
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/*.log"))) {
      stored.await(1100);
      assertThat(stored.lines()).doesNotHaveDuplicates();
    }
  }

  @Test
  void whatIsRefusedForGoodIsLeftOutAndTooMuchAtOnceIsHalved() throws Exception {
    Path file = logs().resolve("app.log");
    stored.refuse(batch -> batch.rows() > 10 ? new WriteRefused(413, "too large") : null);
    append(file, lines("a", 0, 100));
    try (Tailing tailing = new Tailing(state(), stored, Tailing.job(logs() + "/*.log"))) {
      stored.await(100);
      stored.refuse(batch -> new WriteRefused(400, "bad"));
      append(file, "refused\n");
      stored.awaitRefusals(16);
      stored.refuse(_ -> null);
      append(file, "taken\n");
      stored.await(all -> all.getLast().line().equals("taken"));
      assertThat(stored.lines()).doesNotContain("refused");
      assertThat(tailing.metrics.refused.labelValues("files").get()).isEqualTo(1);
    }
  }

  @Test
  void encodingsMarksHolesAndLongLines() throws Exception {
    byte[] utf16 = "\uFEFFgr\u00fc\u00dfe\n\u4e16\u754c\r\n".getBytes(StandardCharsets.UTF_16LE);
    Files.write(logs().resolve("utf16.log"), utf16);
    Files.write(logs().resolve("bom.log"), "\uFEFFmarked\n".getBytes(StandardCharsets.UTF_8));
    Files.write(logs().resolve("holes.log"), new byte[100_000]);
    append(logs().resolve("holes.log"), "behind the hole\n");
    append(
        logs().resolve("long.log"), "x".repeat(4095) + "\u00e4" + "y".repeat(5000) + "\nshort\n");
    try (Tailing tailing = new Tailing(state(), stored, Tailing.job(logs() + "/*.log"))) {
      stored.await(8);
      assertThat(stored.lines())
          .containsExactlyInAnyOrder(
              "gr\u00fc\u00dfe",
              "\u4e16\u754c",
              "marked",
              "behind the hole",
              "x".repeat(4095),
              "\u00e4" + "y".repeat(4094),
              "y".repeat(906),
              "short");
      assertThat(tailing.metrics.longLines.labelValues("files").get()).isEqualTo(1);
    }
  }

  @Test
  void configuredEncodingsAndCutLines() throws Exception {
    Files.write(
        logs().resolve("a.log"),
        ("\u00fcber\n" + "z".repeat(10_000) + "\nend\n").getBytes(StandardCharsets.ISO_8859_1));
    FileJob job = Tailing.job(logs() + "/*.log", "", TextEncoding.of("ISO-8859-1"), null, false);
    TailSettings cutting = new TailSettings(200, 300, 10, 10, 1024, true, 16 << 20);
    try (Tailing _ = new Tailing(state(), stored, cutting, job)) {
      stored.await(3);
      assertThat(stored.lines()).containsExactly("\u00fcber", "z".repeat(1024), "end");
    }
    Files.write(logs().resolve("b.log"), "gr\u00fcn\nrot".getBytes(Charset.forName("UTF-16BE")));
    FileJob big = Tailing.job(logs() + "/b.log", "", TextEncoding.of("UTF-16BE"), null, false);
    try (Tailing _ = new Tailing(directory.resolve("state2"), stored, big)) {
      stored.await(4);
      assertThat(stored.lines()).endsWith("gr\u00fcn");
    }
  }

  @Test
  void compressedFilesAreReadOnce() throws Exception {
    try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(logs().resolve("old.gz")))) {
      out.write((lines("packed", 0, 50_000) + "without end").getBytes(StandardCharsets.UTF_8));
    }
    FileJob job = Tailing.job(logs() + "/*.gz", "", TextEncoding.UTF_8, PackedFormat.GZ, false);
    try (Tailing _ = new Tailing(state(), stored, job)) {
      stored.await(50_001);
    }
    append(logs().resolve("plain.gz"), "not packed");
    try (Tailing tailing = new Tailing(state(), stored, job, Tailing.job(logs() + "/*.log"))) {
      append(logs().resolve("other.log"), "other\n");
      stored.await(50_002);
      assertThat(stored.lines()).doesNotHaveDuplicates();
      assertThat(tailing.collector.leftOut())
          .singleElement()
          .satisfies(one -> assertThat(one.path()).endsWith("plain.gz"));
    }
  }

  @Test
  void timesOfLinesCountAndEqualLinesStayTwo() throws Exception {
    append(
        logs().resolve("app.log"),
        """
        2024-05-01T10:00:00Z same
        2024-05-01T10:00:00Z same
        2024-05-01 10:00:01,250 with millis
        \tat some.Frame
        """);
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/*.log"))) {
      List<Long> times = stored.await(4).stream().map(StoredEntries.Stored::timeNs).toList();
      long base = Instant.parse("2024-05-01T10:00:00Z").getEpochSecond() * 1_000_000_000L;
      assertThat(times.get(0)).isEqualTo(base);
      assertThat(times.get(1)).isBetween(base + 1, base + 1000);
      assertThat(times.get(2)).isBetween(base + 1_250_000_000L, base + 1_250_001_000L);
      assertThat(times.get(3)).isEqualTo(times.get(2) + 1);
    }
  }

  @Test
  void containersLinesAreUnwrapped() throws Exception {
    Path pod = Files.createDirectories(logs().resolve("pods/shop_cart-1_abc/web"));
    append(
        pod.resolve("0.log"),
        """
        2024-05-01T10:00:00.1Z stdout P begin
        2024-05-01T10:00:00.2Z stderr F other
        2024-05-01T10:00:00.3Z stdout F  and end
        """);
    FileJob job = Tailing.job(logs() + "/pods/*/*/*.log", "[{cri: {}}]");
    try (Tailing _ = new Tailing(state(), stored, job)) {
      List<StoredEntries.Stored> all = stored.await(2);
      assertThat(all.get(0).line()).isEqualTo("other");
      assertThat(all.get(1).line()).isEqualTo("begin and end");
      assertThat(all.get(1).timeNs())
          .isEqualTo(Instant.parse("2024-05-01T10:00:00.1Z").toEpochMilli() * 1_000_000L);
      assertThat((Object) all.get(1).stream())
          .isEqualTo(
              Labels.of(
                  "job", "test",
                  "filename", pod.resolve("0.log").toString(),
                  "stream", "stdout",
                  "namespace", "shop",
                  "pod", "cart-1",
                  "container", "web"));
    }
  }

  @Test
  void manyFilesWithFewOpen() throws Exception {
    List<String> expected = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      append(logs().resolve(i + ".log"), "first of " + i + "\n");
      expected.add("first of " + i);
    }
    TailSettings few = new TailSettings(200, 300, 30, 3, 1024, false, 16 << 20);
    try (Tailing tailing = new Tailing(state(), stored, few, Tailing.job(logs() + "/*.log"))) {
      stored.await(30);
      for (StoredEntries.Stored entry : stored.await(30)) {
        append(Path.of(entry.stream().getOrEmpty("filename")), "second\n");
      }
      stored.await(60);
      assertThat(tailing.collector.leftOut()).hasSize(10);
      assertThat(expected)
          .containsAll(stored.lines().stream().filter(l -> !l.equals("second")).toList());
    }
  }

  @Test
  void theHostsLogsAreTextThatSomebodyWritesTo() throws Exception {
    append(logs().resolve("syslog"), "May  1 10:00:00 host program: text\n");
    append(logs().resolve("syslog.1"), "rotated\n");
    append(logs().resolve("syslog.2.gz"), "compressed\n");
    Files.write(logs().resolve("wtmp"), new byte[] {7, 0, 0, 0, 1, 2, 3});
    append(logs().resolve("old"), "old\n");
    Files.setLastModifiedTime(
        logs().resolve("old"), FileTime.from(Instant.now().minus(Duration.ofDays(30))));
    FileJob host = Tailing.job(logs() + "/**", "", TextEncoding.UTF_8, null, true);
    FileJob recent =
        new FileJob(
            host.job(),
            host.pattern(),
            null,
            host.labels(),
            host.stages(),
            host.encoding(),
            null,
            0,
            true,
            true,
            true,
            Duration.ofDays(7).toMillis());
    try (Tailing tailing = new Tailing(state(), stored, recent)) {
      stored.await(1);
      append(logs().resolve("syslog"), "May  1 10:00:01 host program: more\n");
      stored.await(2);
      assertThat(stored.lines()).allMatch(line -> line.startsWith("May "));
      assertThat(tailing.collector.leftOut().stream().map(FileStatus.LeftOut::reason))
          .containsExactlyInAnyOrder(
              "rotated", "compressed", "not text", "nobody has written to it for long");
    }
  }

  @Test
  void linesThatBelongTogetherAreOneEntry() throws Exception {
    Path file = logs().resolve("app.log");
    append(
        file,
        """
        2024-05-01 10:00:00 ERROR failed
        java.lang.IllegalStateException: no
        \tat a.B.c(B.java:1)
        Caused by: java.io.IOException: disk
        2024-05-01 10:00:01 INFO fine
        """);
    String stages = "[{multiline: {firstline: '^\\d{4}-', max_wait_time: 300ms}}]";
    try (Tailing _ = new Tailing(state(), stored, Tailing.job(logs() + "/*.log", stages))) {
      stored.await(2);
      assertThat(stored.lines().getFirst()).contains("Caused by").hasLineCount(4);
      assertThat(stored.lines().getLast()).isEqualTo("2024-05-01 10:00:01 INFO fine");
    }
  }
}
