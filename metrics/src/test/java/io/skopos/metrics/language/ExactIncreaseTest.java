// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.engine.QueryValue;
import io.skopos.metrics.language.conformance.InMemorySamples;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.histogram.Buckets;
import io.skopos.model.histogram.NativeHistogram;
import io.skopos.model.histogram.ResetHint;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code increase_exact} and {@code rate_exact}. */
class ExactIncreaseTest {

  private static final TenantId TENANT = new TenantId("t");
  private static final long SECOND = 1000;

  private final InMemorySamples samples = new InMemorySamples();
  private final PromqlEngine engine = new PromqlEngine(samples);

  @Test
  void nothingIsExtrapolated() throws Exception {
    write("a_total", new long[] {0, 15, 30, 45, 60}, new double[] {1, 1, 2, 2, 5}, null);
    assertThat(value("increase_exact(a_total[30s])", 60)).isEqualTo(3);
    assertThat(value("increase_exact(a_total[1m])", 60)).isEqualTo(4);
    assertThat(value("rate_exact(a_total[1m])", 60)).isEqualTo(4 / 60.0, within(1e-15));
    assertThat(value("increase(a_total[30s])", 60)).isNotEqualTo(3);
  }

  @Test
  void aSeriesBornInTheWindowCountsFromItsStart() throws Exception {
    long[] times = {100, 115};
    write("born_total", times, new double[] {7, 9}, new long[] {95, 95});
    write("old_total", times, new double[] {7, 9}, new long[] {10, 10});
    write("unknown_total", times, new double[] {7, 9}, null);
    assertThat(value("increase_exact(born_total[1m])", 120)).isEqualTo(9);
    assertThat(value("increase_exact(born_total[10s])", 105)).isEqualTo(7);
    assertThat(value("increase_exact(old_total[1m])", 120)).isEqualTo(2);
    assertThat(value("increase_exact(unknown_total[1m])", 120)).isEqualTo(2);
    assertThat(values("increase_exact(unknown_total[5s])", 300)).isEmpty();
  }

  @Test
  void resetsCountFromZero() throws Exception {
    write("r_total", new long[] {0, 15, 30, 45}, new double[] {10, 12, 3, 4}, null);
    assertThat(value("increase_exact(r_total[45s])", 45)).isEqualTo(2 + 3 + 1);
    // Grown beyond the old value again before it was seen: only the start tells.
    long[] starts = {1, 1, 20};
    write("s_total", new long[] {5, 15, 30}, new double[] {10, 12, 13}, starts);
    assertThat(value("increase_exact(s_total[25s])", 30)).isEqualTo(2 + 13);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5})
  void windowsSideBySideAddUp(long seed) throws Exception {
    Random random = new Random(seed);
    int size = 200;
    long[] times = new long[size];
    double[] values = new double[size];
    long time = 1;
    double value = 0;
    for (int i = 0; i < size; i++) {
      time += 1 + random.nextInt(20);
      value = random.nextInt(15) == 0 ? random.nextInt(3) : value + random.nextInt(9);
      times[i] = time;
      values[i] = value;
    }
    write("w_total", times, values, null);
    long end = time + 60;
    double parts = 0;
    for (long at = end % 60; at <= end; at += 60) {
      for (QueryValue.Sample part : values("increase_exact(w_total[1m])", at)) {
        parts += part.value();
      }
    }
    assertThat(value("increase_exact(w_total[1d])", end)).as("seed %d", seed).isEqualTo(parts);
  }

  @Test
  void histogramsCountToo() throws Exception {
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", "h"));
    batch.histogram(100 * SECOND, histogram(4, 1, 3), 95 * SECOND);
    batch.histogram(115 * SECOND, histogram(6, 2, 4), 95 * SECOND);
    batch.histogram(130 * SECOND, histogram(1, 0, 1), 120 * SECOND);
    samples.write(TENANT, batch);
    NativeHistogram born =
        Objects.requireNonNull(values("increase_exact(h[1m])", 130).getFirst().histogram());
    assertThat(born.count()).isEqualTo(7);
    assertThat(born.positive().counts()).containsExactly(2, 5);
    NativeHistogram last =
        Objects.requireNonNull(values("increase_exact(h[20s])", 130).getFirst().histogram());
    assertThat(last.count()).isEqualTo(3);
    assertThat(last.isGauge()).isTrue();
  }

  @Test
  void aSubqueryHasNoStarts() {
    assertThatThrownBy(() -> values("increase_exact(a_total[5m:1m])", 60))
        .isInstanceOf(QueryFailed.class)
        .hasMessageContaining("not of a subquery");
  }

  private static NativeHistogram histogram(double count, double first, double second) {
    return new NativeHistogram(
        0,
        true,
        ResetHint.UNKNOWN,
        0,
        0,
        count,
        count,
        new Buckets(new int[] {0, 2}, new double[] {first, second}),
        Buckets.NONE,
        NativeHistogram.NO_CUSTOM_VALUES);
  }

  private void write(String name, long[] seconds, double[] values, long @Nullable [] starts) {
    SampleBatch batch = new SampleBatch();
    batch.series(Labels.of("__name__", name));
    for (int i = 0; i < seconds.length; i++) {
      batch.sample(seconds[i] * SECOND, values[i], starts == null ? 0 : starts[i] * SECOND);
    }
    samples.write(TENANT, batch);
  }

  private double value(String query, long second) throws Exception {
    List<QueryValue.Sample> found = values(query, second);
    assertThat(found).as(query).hasSize(1);
    return found.getFirst().value();
  }

  private List<QueryValue.Sample> values(String query, long second) throws Exception {
    QueryOutcome outcome =
        engine.instant(
            TENANT, query, second * SECOND, QueryOptions.DEFAULT, QueryBudget.unlimited());
    return ((QueryValue.Vector) outcome.value()).samples();
  }
}
