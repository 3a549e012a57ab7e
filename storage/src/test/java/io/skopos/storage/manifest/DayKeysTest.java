// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import java.util.List;
import org.junit.jupiter.api.Test;

final class DayKeysTest {

  @Test
  void keysAreReadBack() {
    TenantId tenant = new TenantId("d*-(1)");
    for (int number :
        new int[] {0, -1, 20_000, -719_528, -719_529, 2_932_896, 2_932_897, 106_751_991}) {
      UtcDay day = new UtcDay(number);
      for (Signal signal : Signal.values()) {
        String key = DayKeys.of(tenant, signal, day);
        assertThat(key).matches("[a-zA-Z0-9/!_.*'()-]+");
        assertThat(requireNonNull(DayKeys.parse(key), key))
            .isEqualTo(new DayKeys.Parsed(tenant, signal, day));
      }
    }
    assertThat(DayKeys.of(tenant, Signal.LOGS, UtcDay.parse("2026-01-31")))
        .isEqualTo("d*-(1)/logs/2026-01-31");
  }

  @Test
  void othersAreNot() {
    for (String key :
        List.of(
            "",
            "a",
            "a/metrics",
            "a/metrics/x",
            "a/metrics/2026-02-30",
            "a/meters/2026-01-31",
            "/metrics/2026-01-31",
            "a/metrics/d20000",
            "a/metrics/2026-1-31",
            "a/metrics/d",
            "a/metrics/2026-01-31/b",
            "a/METRICS/2026-01-31",
            "a/metrics/d99999999999")) {
      assertThat(DayKeys.parse(key)).as(key).isNull();
    }
  }
}
