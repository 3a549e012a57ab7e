// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.QueryValue;
import io.skopos.metrics.language.conformance.InMemorySamples;
import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PromqlEngineTest {

  private static final TenantId TENANT = new TenantId("t");
  private static final long MINUTE = 60_000;
  private static final int SERIES = 100;

  private final InMemorySamples samples = new InMemorySamples();
  private final PromqlEngine engine = new PromqlEngine(samples);

  @BeforeEach
  void load() {
    SampleBatch batch = new SampleBatch();
    for (int i = 0; i < SERIES; i++) {
      batch.series(Labels.of("__name__", "requests_total", "pod", "p" + i, "zone", "z" + i % 2));
      for (int minute = 0; minute <= 60; minute++) {
        batch.sample(minute * MINUTE, minute * 60.0);
      }
    }
    batch.series(Labels.of("__name__", "heat", "__type__", "gauge", "__unit__", "celsius"));
    batch.sample(0, 21);
    samples.write(TENANT, batch);
  }

  @Test
  void pushedDownAggregationsHoldGroupsNotSeries() throws Exception {
    QueryBudget budget = QueryBudget.unlimited();
    QueryOutcome outcome = range("sum by (zone) (rate(requests_total[5m]))", budget);
    QueryValue.Matrix matrix = (QueryValue.Matrix) outcome.value();
    assertThat(matrix.series()).hasSize(2);
    QueryValue.Series zone = matrix.series().getFirst();
    assertThat(zone.labels().get("zone")).isEqualTo("z0");
    assertThat(zone.values()).hasSize(31).containsOnly(50.0);
    assertThat(budget.peakSamplesHeld()).isLessThanOrEqualTo(2 * 31 + 5);
    assertThat(outcome.stats().samplesRead()).isEqualTo(SERIES * 31L * 5);
  }

  @Test
  void namesGoAtOnceWhenTheirRemovalIsNotDelayed() throws Exception {
    for (String inner :
        List.of("rate(requests_total[5m])", "sum by (__name__) (rate(requests_total[5m]))")) {
      String renamed = "label_replace(" + inner + ", \"n\", \"$1\", \"__name__\", \"(.*)\")";
      assertThat(labels(renamed, true)).isNotEmpty().allMatch(labels -> labels.has("n"));
      assertThat(labels(renamed, false)).isNotEmpty().noneMatch(labels -> labels.has("n"));
    }
  }

  private List<Labels> labels(String query, boolean delayed) throws Exception {
    QueryOptions options =
        new QueryOptions(
            QueryOptions.DEFAULT_LOOKBACK_MS, false, QueryOptions.DEFAULT.parser(), delayed);
    QueryOutcome outcome =
        engine.instant(TENANT, query, 30 * MINUTE, options, QueryBudget.unlimited());
    return ((QueryValue.Vector) outcome.value())
        .samples().stream().map(QueryValue.Sample::labels).toList();
  }

  @Test
  void samplesAreCountedPerStepWhenAskedFor() throws Exception {
    QueryOptions options =
        new QueryOptions(
            QueryOptions.DEFAULT_LOOKBACK_MS, true, QueryOptions.DEFAULT.parser(), true);
    QueryOutcome outcome =
        engine.range(
            TENANT,
            "rate(requests_total[2m]) + on (pod) requests_total @ 0",
            0,
            2 * MINUTE,
            MINUTE,
            options,
            QueryBudget.unlimited());
    assertThat(outcome.stats().samplesPerStep())
        .containsExactly(2 * SERIES, 3 * SERIES, 3 * SERIES);
    assertThat(outcome.stats().samplesRead()).isEqualTo(8L * SERIES);
  }

  @Test
  void limitsStopTheQueryAndSayWhich() {
    assertThatThrownBy(() -> range("requests_total", limited(500, 0)))
        .isInstanceOf(QueryAborted.class)
        .hasMessage("query processing would load too many samples into memory in query execution");
    assertThatThrownBy(() -> range("requests_total", limited(0, 50)))
        .isInstanceOf(QueryAborted.class)
        .hasMessageContaining("more than 50 series");
    QueryBudget cancelled = QueryBudget.unlimited();
    cancelled.cancel("the client went away");
    assertThatThrownBy(() -> range("1 + 1", cancelled))
        .isInstanceOf(QueryAborted.class)
        .hasMessage("the client went away");
    assertThatThrownBy(
            () -> range("requests_total", new QueryBudget(QueryBudget.Limits.UNLIMITED, 1)))
        .isInstanceOfSatisfying(
            QueryAborted.class,
            aborted -> assertThat(aborted.reason()).isEqualTo(QueryAborted.Reason.TIMEOUT));
  }

  /** Steps are paid for before there is room for them. */
  @Test
  void endlessSubqueriesAreRefused() {
    assertThatThrownBy(
            () -> range("max_over_time(requests_total[100y:1ms])", QueryBudget.unlimited()))
        .isInstanceOf(QueryAborted.class)
        .hasMessageContaining("give it a longer step");
    assertThatThrownBy(() -> range("max_over_time(requests_total[1d:1ms])", limited(1_000_000, 0)))
        .isInstanceOf(QueryAborted.class)
        .hasMessageContaining("too many samples");
    assertThatThrownBy(() ->
            engine.instant(
                TENANT,
                "count_values(\"v\", requests_total * on () group_left () vector(time()))[1h:1s]",
                60 * MINUTE,
                QueryOptions.DEFAULT,
                limited(1_000_000, 0)))
        .isInstanceOf(QueryAborted.class)
        .hasMessageContaining("too many samples");
  }

  /** What an operator consumed no longer counts. */
  @Test
  void operatorsReleaseWhatTheyConsume() throws Exception {
    StringBuilder query = new StringBuilder("requests_total");
    for (int i = 0; i < 20; i++) {
      query.append(" + requests_total");
    }
    QueryBudget budget = QueryBudget.unlimited();
    range(query.toString(), budget);
    assertThat(budget.peakSamplesHeld()).isLessThanOrEqualTo(3L * SERIES * 31);
  }

  @Test
  void annotationsNameLineAndColumn() throws Exception {
    QueryOutcome outcome = range("heat or\n  rate(heat[1h])", QueryBudget.unlimited());
    assertThat(outcome.infos()).isEmpty();
    outcome = range("requests_total or\n  quantile(2, heat)", QueryBudget.unlimited());
    assertThat(outcome.warnings())
        .containsExactly("PromQL warning: quantile value should be between 0 and 1, got 2 (2:12)");
  }

  @Test
  void changedValuesLoseNameTypeAndUnit() throws Exception {
    QueryValue value =
        engine.instant(TENANT, "-heat", 0, QueryOptions.DEFAULT, QueryBudget.unlimited()).value();
    assertThat(((QueryValue.Vector) value).samples())
        .containsExactly(new QueryValue.Sample(Labels.EMPTY, 0, -21));
  }

  @Test
  void onlyValuesPerStepHaveARange() {
    assertThatThrownBy(() -> range("requests_total[5m]", QueryBudget.unlimited()))
        .isInstanceOf(QueryFailed.class)
        .hasMessage(
            "invalid expression type \"range vector\" for range query,"
                + " must be Scalar or instant Vector");
    assertThatThrownBy(() -> range("sum(", QueryBudget.unlimited()))
        .isInstanceOf(ParseFailed.class);
  }

  @Test
  void threadsShareAnEngine() throws Exception {
    try (ExecutorService threads = Executors.newFixedThreadPool(4)) {
      Callable<String> task =
          () -> {
            StringBuilder text = new StringBuilder();
            QueryOutcome outcome =
                range("topk(3, sum by (pod) (rate(requests_total[5m])))", limited(100_000, 0));
            for (QueryValue.Series series : ((QueryValue.Matrix) outcome.value()).series()) {
              text.append(series.labels()).append(series.values().length);
            }
            return text.toString();
          };
      List<Future<String>> answers = new ArrayList<>();
      for (int i = 0; i < 40; i++) {
        answers.add(threads.submit(task));
      }
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo("{pod=\"p0\"}31{pod=\"p1\"}31{pod=\"p10\"}31");
      }
    }
  }

  private QueryOutcome range(String query, QueryBudget budget) throws ParseFailed {
    return engine.range(
        TENANT, query, 10 * MINUTE, 40 * MINUTE, MINUTE, QueryOptions.DEFAULT, budget);
  }

  private static QueryBudget limited(long maxSamples, long maxSeries) {
    return new QueryBudget(new QueryBudget.Limits(maxSamples, maxSeries, 0), 0);
  }
}
