// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.QueryValue;
import io.skopos.logs.language.Direction;
import io.skopos.logs.language.EntriesRequest;
import io.skopos.logs.language.LogEntry;
import io.skopos.logs.language.LogqlEngine;
import io.skopos.logs.language.LogqlQuery;
import io.skopos.logs.language.MemoryLogs;
import io.skopos.logs.language.QueryLimits;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.store.StoreOnDisk;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Conditions, wanted fields, groupings pushed inwards and the store's own shortcuts change no
 * answer: random pipelines over a plain list of entries, without any of these, and over the store.
 */
class ShortcutsTest {

  private static final long SECOND = 1_000_000_000L;
  private static final List<String> STAGES =
      List.of(
          "| json",
          "| json",
          "| logfmt",
          "| logfmt --keep-empty",
          "| json c=`status`, level",
          "| regexp `(?P<level>warn|error)`",
          "| pattern `<level> <_>`",
          "| unpack",
          "| label_format c=level",
          "| label_format level=`{{.status}}x`",
          "| drop level",
          "| drop level=`warn`",
          "| keep level, a",
          "| line_format `{{.level}} {{.status}}`",
          "| decolorize");
  private static final List<String> FILTERS =
      List.of(
          "|= `error`",
          "!= `warn`",
          "|~ `err.r|50.`",
          "|= `warn` or `status`",
          "| level=`error`",
          "| level!=`error`",
          "| level=~`error|info`",
          "| level!=``",
          "| level=``",
          "| status>=500",
          "| status<404",
          "| status=200",
          "| status!=200",
          "| status=`200`",
          "| took>100ms",
          "| size>1KB",
          "| level=`warn` or level=`error`",
          "| level=`warn` or status>300",
          "| level=`warn` and status>300",
          "| c=`warn`",
          "| trace=`t1`",
          "| trace=~`t.`",
          "| trace!=``",
          "| a=`a1`",
          "| level_extracted=`warn`",
          "| user_id>2",
          "| c>300");

  private record Entry(Labels stream, long timeNs, String line, Labels metadata) {}

  @TempDir private Path folder;

  @Test
  void changeNoAnswer() throws Exception {
    Random random = new Random(Long.getLong("skopos.seed", 42));
    MemoryLogs plain = new MemoryLogs(1_000_000, false);
    MemoryLogs conditional = new MemoryLogs(20, true);
    LogBatch batch = new LogBatch();
    for (Entry entry : entries(random)) {
      plain.add(entry.stream, entry.timeNs, entry.line, entry.metadata);
      conditional.add(entry.stream, entry.timeNs, entry.line, entry.metadata);
      batch.entry(batch.stream(entry.stream), entry.timeNs, entry.line);
      batch.metadata(entry.metadata);
    }
    int answered = 0;
    try (StoreOnDisk store = new StoreOnDisk(folder)) {
      store.append(TenantId.ANONYMOUS, batch);
      store.flush();
      List<LogqlEngine> engines =
          List.of(new LogqlEngine(conditional), new LogqlEngine(store.store()));
      for (int i = 0; i < 200; i++) {
        String pipeline = pipeline(random);
        String by = List.of("level", "level, a", "status", "c", "trace").get(random.nextInt(5));
        String inner = "count_over_time({x=\"y\"} " + pipeline + " | __error__=`` [20s])";
        // The sum of something else than the function itself is not pushed into it.
        String whole = answer(new LogqlEngine(plain), "sum by (" + by + ") (" + inner + " * 1)");
        String entries = entries(new LogqlEngine(plain), pipeline);
        for (LogqlEngine engine : engines) {
          assertThat(answer(engine, "sum by (" + by + ") (" + inner + ")"))
              .as("by %s: %s", by, pipeline)
              .isEqualTo(whole);
          assertThat(entries(engine, pipeline)).as(pipeline).isEqualTo(entries);
        }
        answered += whole.length() > 2 ? 1 : 0;
      }
    }
    assertThat(answered).isGreaterThan(80);
  }

  private static String pipeline(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(4); i >= 0; i--) {
      List<String> from = random.nextInt(3) == 0 ? STAGES : FILTERS;
      text.append(from.get(random.nextInt(from.size()))).append(' ');
      if (i == 2) {
        text.append(STAGES.get(random.nextInt(4))).append(' ');
      }
    }
    return text.toString().strip();
  }

  private static List<Entry> entries(Random random) {
    List<Entry> entries = new ArrayList<>();
    for (int i = 0; i < 1500; i++) {
      Labels stream =
          switch (random.nextInt(4)) {
            case 0 -> Labels.of("x", "y", "a", "a1");
            case 1 -> Labels.of("x", "y", "a", "a2", "level", "warn");
            default -> Labels.of("x", "y", "a", "a" + random.nextInt(3), "json", "yes");
          };
      Labels metadata =
          switch (random.nextInt(6)) {
            case 0 -> Labels.of("trace", "t" + random.nextInt(3));
            case 1 -> Labels.of("trace", "t1", "level", "info");
            default -> Labels.EMPTY;
          };
      entries.add(new Entry(stream, i * SECOND / 50, line(random), metadata));
    }
    return entries;
  }

  private static String line(Random random) {
    String level = List.of("info", "warn", "error", "").get(random.nextInt(4));
    String status = List.of("200", "404", "500", "503", "abc", "2e2", "").get(random.nextInt(7));
    int took = random.nextInt(300);
    int size = random.nextInt(3);
    return switch (random.nextInt(6)) {
      case 0, 1 ->
          "{\"level\":\"%s\",\"status\":\"%s\",\"took\":\"%dms\",\"size\":\"%dKB\",\"user\":{\"id\":%d}}"
              .formatted(level, status, took, size, random.nextInt(5));
      case 2 -> "{\"status\":%d,\"level\":null,\"took\":\"%dms\"}".formatted(took + 200, took);
      case 3, 4 ->
          "level=%s status=%s took=%dms size=%dKB user_id=%d"
              .formatted(level, status, took, size, random.nextInt(5));
      default -> level + " status " + status + " of no form";
    };
  }

  private static String answer(LogqlEngine engine, String query) throws Exception {
    QueryValue value;
    try {
      value =
          engine
              .range(
                  TenantId.ANONYMOUS,
                  LogqlQuery.parse(query),
                  5 * SECOND,
                  35 * SECOND,
                  5000,
                  QueryLimits.UNLIMITED,
                  QueryBudget.unlimited())
              .value();
    } catch (QueryFailed e) {
      return "failed";
    }
    StringBuilder text = new StringBuilder();
    for (QueryValue.Series series : ((QueryValue.Matrix) value).series()) {
      text.append(series.labels());
      for (int i = 0; i < series.timesMs().length; i++) {
        text.append(' ').append(series.timesMs()[i]).append('=').append(series.values()[i]);
      }
      text.append('\n');
    }
    return text.toString();
  }

  private static String entries(LogqlEngine engine, String pipeline) throws Exception {
    StringBuilder text = new StringBuilder();
    engine
        .entries(
            TenantId.ANONYMOUS,
            LogqlQuery.parse("{x=\"y\"} " + pipeline),
            new EntriesRequest(0, 40 * SECOND, 50, Direction.BACKWARD, 0),
            QueryBudget.unlimited())
        .streams()
        .forEach(stream -> {
          text.append(stream.labels()).append('\n');
          for (LogEntry entry : stream.entries()) {
            text.append(entry.timeNs()).append(' ').append(entry.line()).append('\n');
            text.append(entry.labels()).append('\n');
          }
        });
    return text.toString();
  }
}
