// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.config.PrometheusDuration;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class QueryParametersTest {

  @Test
  void timesAreSecondsOrRfc3339() {
    assertThat(QueryParameters.parseTime("1.5")).isEqualTo(1500);
    assertThat(QueryParameters.parseTime("-1.5")).isEqualTo(-1500);
    assertThat(QueryParameters.parseTime("1600000000.1236")).isEqualTo(1_600_000_000_124L);
    assertThat(QueryParameters.parseTime("1e3")).isEqualTo(1_000_000);
    assertThat(QueryParameters.parseTime("2020-01-01T00:00:00.5Z")).isEqualTo(1_577_836_800_500L);
    assertThat(QueryParameters.parseTime("2020-01-01T00:00:00+02:00"))
        .isEqualTo(1_577_829_600_000L);
    assertThat(QueryParameters.parseTime("-292273086-05-16T16:47:06Z"))
        .isEqualTo(-QueryParameters.MAX_TIME_MS);
    for (String bad : new String[] {"", "x", "1h", "NaN", "Inf", "1e20", "0x10", "2020-01-01"}) {
      assertThatThrownBy(() -> QueryParameters.parseTime(bad))
          .as(bad)
          .hasMessage("cannot parse \"" + bad + "\" to a valid timestamp");
    }
  }

  @Test
  void durationsAreSecondsOrUnits() {
    assertThat(QueryParameters.parseDuration("0.5")).isEqualTo(Duration.ofMillis(500));
    assertThat(QueryParameters.parseDuration("15")).isEqualTo(Duration.ofSeconds(15));
    assertThat(QueryParameters.parseDuration("1h30m")).isEqualTo(Duration.ofMinutes(90));
    assertThat(QueryParameters.parseDuration("1y1d")).isEqualTo(Duration.ofDays(366));
    assertThat(QueryParameters.parseDuration("100ms")).isEqualTo(Duration.ofMillis(100));
    for (String bad : new String[] {"", "x", "5M", "m5", "1m1h", "99999999999999999999y"}) {
      assertThatThrownBy(() -> QueryParameters.parseDuration(bad))
          .as(bad)
          .hasMessageStartingWith("cannot parse \"" + bad + "\" to a valid duration");
    }
    assertThatThrownBy(() -> QueryParameters.parseDuration("1e30"))
        .hasMessageContaining("overflows int64");
  }

  @Test
  void durationsAreWrittenAsPrometheusDoes() {
    assertThat(PrometheusDuration.format(Duration.ofSeconds(15))).isEqualTo("15s");
    assertThat(PrometheusDuration.format(Duration.ofSeconds(90))).isEqualTo("1m30s");
    assertThat(PrometheusDuration.format(Duration.ofDays(7))).isEqualTo("1w");
    assertThat(PrometheusDuration.format(Duration.ofDays(8))).isEqualTo("8d");
    assertThat(PrometheusDuration.format(Duration.ofMillis(100))).isEqualTo("100ms");
    assertThat(PrometheusDuration.format(Duration.ZERO)).isEqualTo("0s");
  }

  @Test
  void escapedNamesAreDecodedOrLeftAlone() {
    assertThat(EscapedName.decode("job")).isEqualTo("job");
    assertThat(EscapedName.decode("U__job")).isEqualTo("job");
    assertThat(EscapedName.decode("U__a_2d_b")).isEqualTo("a-b");
    assertThat(EscapedName.decode("U__a__b")).isEqualTo("a_b");
    assertThat(EscapedName.decode("U__http_2e_status_1f600_")).isEqualTo("http.status😀");
    for (String unchanged : new String[] {"U__a_zz_b", "U__a_", "U__a_d800_b", "U__a_1234567_"}) {
      assertThat(EscapedName.decode(unchanged)).isEqualTo(unchanged);
    }
  }
}
