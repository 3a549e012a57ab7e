// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.QueryValue;
import io.skopos.logs.store.LogSelection;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class LogqlEngineTest {

  private static final Labels APP = Labels.of("app", "a");
  private static final long SECOND = 1_000_000_000L;

  private final MemoryLogs logs = new MemoryLogs(7, true);
  private final LogqlEngine engine = new LogqlEngine(logs);

  private EntriesOutcome entries(String query, EntriesRequest request) throws Exception {
    return engine.entries(
        TenantId.ANONYMOUS, LogqlQuery.parse(query), request, QueryBudget.unlimited());
  }

  private static List<String> lines(EntriesOutcome outcome) {
    return outcome.streams().stream()
        .flatMap(stream -> stream.entries().stream())
        .map(LogEntry::line)
        .toList();
  }

  private QueryValue instant(String query, long seconds) throws Exception {
    return engine
        .instant(
            TenantId.ANONYMOUS,
            LogqlQuery.parse(query),
            seconds * SECOND,
            QueryLimits.UNLIMITED,
            QueryBudget.unlimited())
        .value();
  }

  @Test
  void givesTheNewestOrTheOldestEntries() throws Exception {
    Random random = new Random(5);
    List<Long> times = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      long time = random.nextInt(1_000_000);
      times.add(time);
      logs.add(Labels.of("app", "a", "pod", "p" + i % 5), time, "at " + time, Labels.EMPTY);
    }
    for (Direction direction : Direction.values()) {
      Comparator<Long> order =
          direction == Direction.BACKWARD ? Comparator.reverseOrder() : Comparator.naturalOrder();
      List<String> expected =
          times.stream()
              .filter(time -> time >= 1000 && time < 900_000)
              .sorted(order)
              .limit(40)
              .map(time -> "at " + time)
              .toList();
      EntriesOutcome outcome =
          entries("{app=\"a\"}", new EntriesRequest(1000, 900_000, 40, direction, 0));
      assertThat(lines(outcome)).containsExactlyInAnyOrderElementsOf(expected);
      for (LogStream stream : outcome.streams()) {
        assertThat(stream.entries())
            .isSortedAccordingTo(Comparator.comparing(LogEntry::timeNs, order));
      }
      assertThat(outcome.statistics().lines()).isLessThan(300);
    }
  }

  @Test
  void excludesTheEndAndIncludesTheStart() throws Exception {
    logs.add(APP, 10, "first", Labels.EMPTY);
    logs.add(APP, 20, "second", Labels.EMPTY);
    assertThat(lines(entries("{app=\"a\"}", new EntriesRequest(10, 20, 0, Direction.FORWARD, 0))))
        .containsExactly("first");
    assertThat(lines(entries("{app=\"a\"}", new EntriesRequest(10, 10, 0, Direction.FORWARD, 0))))
        .isEmpty();
  }

  @Test
  void keepsTheOrderOfEqualTimes() throws Exception {
    for (int i = 0; i < 6; i++) {
      logs.add(APP, 10 + i / 3, "line " + i, Labels.EMPTY);
    }
    EntriesRequest forward = new EntriesRequest(0, 100, 4, Direction.FORWARD, 0);
    assertThat(lines(entries("{app=\"a\"}", forward)))
        .containsExactly("line 0", "line 1", "line 2", "line 3");
    EntriesRequest backward = new EntriesRequest(0, 100, 4, Direction.BACKWARD, 0);
    assertThat(lines(entries("{app=\"a\"}", backward)))
        .containsExactly("line 5", "line 4", "line 3", "line 2");
  }

  @Test
  void leavesOutEntriesWithinTheInterval() throws Exception {
    for (int i = 0; i < 10; i++) {
      logs.add(APP, i * 10L, "line " + i, Labels.EMPTY);
    }
    EntriesRequest forward = new EntriesRequest(0, 1000, 3, Direction.FORWARD, 25);
    assertThat(lines(entries("{app=\"a\"}", forward)))
        .containsExactly("line 0", "line 3", "line 6");
    EntriesRequest backward = new EntriesRequest(0, 1000, 2, Direction.BACKWARD, 25);
    assertThat(lines(entries("{app=\"a\"}", backward))).containsExactly("line 9", "line 6");
  }

  @Test
  void tellsWhereLabelsComeFrom() throws Exception {
    logs.add(APP, 10, "level=warn app=other", Labels.of("trace", "t"));
    EntriesOutcome outcome =
        entries(
            "{app=\"a\"} | logfmt | line_format `{{.level}}!`",
            new EntriesRequest(0, 100, 10, Direction.FORWARD, 0));
    LogStream stream = outcome.streams().getFirst();
    LogEntry entry = stream.entries().getFirst();
    Labels all = Labels.of("app", "a", "trace", "t", "level", "warn", "app_extracted", "other");
    assertThat(stream.labels().toMap()).isEqualTo(all.toMap());
    assertThat(entry.line()).isEqualTo("warn!");
    assertThat(entry.labels())
        .isEqualTo(
            new LogEntry.EntryLabels(
                all,
                APP,
                Labels.of("trace", "t"),
                Labels.of("level", "warn", "app_extracted", "other")));
  }

  @Test
  void keepsEntriesWithErrorsInLogQueries() throws Exception {
    logs.add(APP, 10, "no json", Labels.EMPTY);
    EntriesOutcome outcome =
        entries("{app=\"a\"} | json", new EntriesRequest(0, 100, 10, Direction.FORWARD, 0));
    assertThat(outcome.streams().getFirst().labels().get("__error__")).isEqualTo("JSONParserErr");
  }

  @Test
  void failsMetricQueriesOverErrors() throws Exception {
    logs.add(APP, 10 * SECOND, "{\"a\":\"x\"}", Labels.EMPTY);
    logs.add(APP, 20 * SECOND, "no json", Labels.EMPTY);
    assertThatThrownBy(() -> instant("count_over_time({app=\"a\"} | json [1m])", 30))
        .isInstanceOf(QueryFailed.class)
        .hasMessageStartingWith("pipeline error: 'JSONParserErr' for series: '{__error__=")
        .hasMessageContaining(
            "app=\"a\"}'.\nUse a label filter to intentionally skip this error."
                + " (e.g | __error__!=\"JSONParserErr\").\n");
    // Not asked for by any label, nor by its line.
    assertThat(instant("sum(count_over_time({app=\"a\"} | json [1m]))", 30))
        .isEqualTo(vector(Labels.EMPTY, 30, 2));
    assertThat(instant("count_over_time({app=\"a\"} | json | __error__=\"\" [1m])", 30))
        .isEqualTo(vector(Labels.of("app", "a", "a", "x"), 30, 1));
    assertThat(instant("sum by (__error__) (count_over_time({app=\"a\"} | json [1m]))", 30))
        .isEqualTo(
            new QueryValue.Vector(
                List.of(
                    new QueryValue.Sample(Labels.EMPTY, 30_000, 1),
                    new QueryValue.Sample(Labels.of("__error__", "JSONParserErr"), 30_000, 1))));
  }

  private static QueryValue vector(Labels labels, long seconds, double value) {
    return new QueryValue.Vector(List.of(new QueryValue.Sample(labels, seconds * 1000, value)));
  }

  @Test
  void countsNanosecondsExactly() throws Exception {
    long now = 1_790_000_000_000_000_000L;
    logs.add(APP, now, "in", Labels.EMPTY);
    logs.add(APP, now + 1, "later", Labels.EMPTY);
    logs.add(APP, now - SECOND, "before", Labels.EMPTY);
    logs.add(APP, now - SECOND + 1, "in", Labels.EMPTY);
    QueryValue value =
        engine
            .instant(
                TenantId.ANONYMOUS,
                LogqlQuery.parse("count_over_time({app=\"a\"}[1s])"),
                now,
                QueryLimits.UNLIMITED,
                QueryBudget.unlimited())
            .value();
    assertThat(((QueryValue.Vector) value).samples().getFirst().value()).isEqualTo(2);
  }

  @Test
  void limitsTheSeriesOfAnAnswer() throws Exception {
    for (int i = 0; i < 20; i++) {
      logs.add(Labels.of("app", "a", "pod", "p" + i), 10 * SECOND, "x", Labels.EMPTY);
    }
    LogqlQuery query = LogqlQuery.parse("count_over_time({app=\"a\"}[1m])");
    assertThatThrownBy(() ->
            engine.instant(
                TenantId.ANONYMOUS,
                query,
                20 * SECOND,
                new QueryLimits(19),
                QueryBudget.unlimited()))
        .hasMessageStartingWith("maximum number of series (19) reached for a single query;");
    LogqlQuery fewer = LogqlQuery.parse("topk(3, count_over_time({app=\"a\"}[1m]))");
    MetricOutcome outcome =
        engine.instant(
            TenantId.ANONYMOUS, fewer, 20 * SECOND, new QueryLimits(19), QueryBudget.unlimited());
    assertThat(((QueryValue.Vector) outcome.value()).samples()).hasSize(3);
    assertThat(outcome.statistics().lines()).isEqualTo(20);
    assertThat(outcome.statistics().linesKept()).isEqualTo(20);
    assertThat(outcome.statistics().streams()).isEqualTo(20);
    assertThat(outcome.statistics().bytes()).isEqualTo(20);
  }

  @Test
  void spendsFromItsBudgetAndGivesBack() throws Exception {
    for (int i = 0; i < 50; i++) {
      logs.add(Labels.of("app", "a", "pod", "p" + i), 10 * SECOND, "v=" + i, Labels.EMPTY);
    }
    LogqlQuery query = LogqlQuery.parse("count_over_time({app=\"a\"}[1m])");
    QueryBudget few = new QueryBudget(new QueryBudget.Limits(0, 10, 0), 0);
    assertThatThrownBy(() -> run(query, few)).isInstanceOf(QueryAborted.class);
    QueryBudget cancelled = QueryBudget.unlimited();
    cancelled.cancel("not wanted any more");
    assertThatThrownBy(() -> run(query, cancelled)).hasMessage("not wanted any more");
    QueryBudget tight = new QueryBudget(new QueryBudget.Limits(0, 0, 2000), 0);
    assertThatThrownBy(() ->
            engine.entries(
                TenantId.ANONYMOUS,
                LogqlQuery.parse("{app=\"a\"}"),
                new EntriesRequest(0, 100 * SECOND, 0, Direction.FORWARD, 0),
                tight))
        .isInstanceOf(QueryAborted.class);
    for (String text :
        List.of(
            "count_over_time({app=\"a\"}[1m])",
            "sum(count_over_time({app=\"a\"}[1m])) + vector(1)",
            "quantile_over_time(0.5, {app=\"a\"} | logfmt | unwrap v [1m]) by (app)",
            "absent_over_time({app=\"b\"}[1m])",
            "topk(2, count_over_time({app=\"a\"}[1m])) / on (pod) rate({app=\"a\"}[1m])")) {
      QueryBudget budget = QueryBudget.unlimited();
      QueryValue.Vector answer = (QueryValue.Vector) run(LogqlQuery.parse(text), budget);
      // Held is what is answered and nothing more: the budget has room for exactly that.
      QueryBudget exact =
          new QueryBudget(new QueryBudget.Limits(budget.peakSamplesHeld(), 0, 0), 0);
      assertThat(((QueryValue.Vector) run(LogqlQuery.parse(text), exact)).samples())
          .isEqualTo(answer.samples());
      exact.holdSamples(budget.peakSamplesHeld() - answer.samples().size());
    }
  }

  private QueryValue run(LogqlQuery query, QueryBudget budget) {
    return engine
        .instant(TenantId.ANONYMOUS, query, 20 * SECOND, QueryLimits.UNLIMITED, budget)
        .value();
  }

  @Test
  void answersNumbersAndSortedVectors() throws Exception {
    assertThat(instant("1 + 2", 5)).isEqualTo(new QueryValue.Scalar(5000, 3));
    assertThat(instant("vector(3) / 0", 5)).isEqualTo(vector(Labels.EMPTY, 5, Double.NaN));
    assertThatThrownBy(() -> instant("sum(1)", 5)).isInstanceOf(QueryRefused.class);
    assertThatThrownBy(() -> instant("{app=\"a\"}", 5))
        .hasMessageContaining("log queries are not supported as an instant query type");
    for (int i = 0; i < 5; i++) {
      for (int j = 0; j <= (i * 3) % 5; j++) {
        logs.add(Labels.of("app", "a", "pod", "p" + i), SECOND + j, "x", Labels.EMPTY);
      }
    }
    QueryValue.Vector sorted =
        (QueryValue.Vector) instant("sort_desc(count_over_time({app=\"a\"}[1m])) * 2", 5);
    assertThat(sorted.samples())
        .extracting(QueryValue.Sample::value)
        .containsExactly(10.0, 8.0, 6.0, 4.0, 2.0);
    QueryValue.Vector unsorted =
        (QueryValue.Vector) instant("topk(9, count_over_time({app=\"a\"}[1m]))", 5);
    assertThat(unsorted.samples()).extracting(QueryValue.Sample::labels).isSorted();
  }

  @Test
  void tailsWhatComesIn() throws Exception {
    TailQuery tail =
        LogqlEngine.tail(LogqlQuery.parse("{app=\"a\", pod!~\"x.*\"} |= \"v\" | logfmt | v>1"));
    assertThat(tail.matches(Labels.of("app", "a", "pod", "y"))).isTrue();
    assertThat(tail.matches(APP)).isTrue();
    assertThat(tail.matches(Labels.of("app", "a", "pod", "xy"))).isFalse();
    assertThat(tail.matches(Labels.of("app", "b"))).isFalse();
    for (int i = 0; i < 6; i++) {
      logs.add(APP, i, "v=" + i, Labels.EMPTY);
    }
    List<LogEntry> found = new ArrayList<>();
    logs.scan(
        new LogSelection(
            TenantId.ANONYMOUS, List.of(), 0, 100, LogSelection.Order.BY_STREAM, List.of(), null),
        QueryBudget.unlimited(),
        run -> {
          tail.apply(run, 3, found::add);
          return true;
        });
    assertThat(found).extracting(LogEntry::line).containsExactly("v=3", "v=4", "v=5");
    assertThat(found.getFirst().labels().parsed().toMap()).containsExactly(Map.entry("v", "3"));
    assertThatThrownBy(() -> LogqlEngine.tail(LogqlQuery.parse("vector(1)")))
        .isInstanceOf(QueryRefused.class);
  }
}
