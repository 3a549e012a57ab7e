// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.life;

import io.skopos.metrics.store.MetricsStore;
import io.skopos.testkit.life.FailingDiskContract;
import io.skopos.testkit.life.LifeWing;

/** A disk that fails or is full is told of, and got over. */
final class FailingDiskTest extends FailingDiskContract<MetricsStore> {

  @Override
  protected LifeWing<MetricsStore> wing() {
    return new MetricsWing();
  }
}
