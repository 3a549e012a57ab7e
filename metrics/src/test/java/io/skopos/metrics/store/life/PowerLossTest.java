// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.life;

import io.skopos.metrics.store.MetricsStore;
import io.skopos.testkit.life.LifeWing;
import io.skopos.testkit.life.PowerLossContract;

/** What was acknowledged outlives the loss of power. */
final class PowerLossTest extends PowerLossContract<MetricsStore> {

  @Override
  protected LifeWing<MetricsStore> wing() {
    return new MetricsWing();
  }
}
