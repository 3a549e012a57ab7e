// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.life;

import io.skopos.logs.store.LogStore;
import io.skopos.testkit.life.LifeWing;
import io.skopos.testkit.life.PowerLossContract;

/** What was acknowledged outlives the loss of power. */
final class PowerLossTest extends PowerLossContract<LogStore> {

  @Override
  protected LifeWing<LogStore> wing() {
    return new LogsWing();
  }

  @Override
  protected int rounds() {
    return 5;
  }
}
