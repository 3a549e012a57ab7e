// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.life;

import io.skopos.metrics.store.MetricsStore;
import io.skopos.testkit.life.LifeWing;
import io.skopos.testkit.life.MemoryReturnsContract;

/** Memory that was charged is given back. */
final class MemoryReturnsTest extends MemoryReturnsContract<MetricsStore> {

  @Override
  protected LifeWing<MetricsStore> wing() {
    return new MetricsWing();
  }
}
