// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrometheusDurationTest {

  @ParameterizedTest
  @ValueSource(strings = {"15s", "1h30m", "15d", "250ms", "1y", "2w", "1m", "1d12h"})
  void whatIsReadIsWrittenAlike(String text) {
    assertThat(PrometheusDuration.format(PrometheusDuration.parse(text))).isEqualTo(text);
  }

  @Test
  void zeroNeedsNoUnit() {
    assertThat(PrometheusDuration.parse("0")).isEqualTo(Duration.ZERO);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "5", "s", "1x", "-5s", "1s1h", "99999999999999999999s", "999999999999y"})
  void othersAreRefused(String text) {
    assertThatThrownBy(() -> PrometheusDuration.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
