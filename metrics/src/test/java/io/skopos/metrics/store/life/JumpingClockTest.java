// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.life;

import io.skopos.metrics.store.MetricsStore;
import io.skopos.testkit.life.JumpingClockContract;
import io.skopos.testkit.life.LifeWing;

/** The wall clock is set back and forth, and rows keep their days. */
final class JumpingClockTest extends JumpingClockContract<MetricsStore> {

  @Override
  protected LifeWing<MetricsStore> wing() {
    return new MetricsWing();
  }
}
