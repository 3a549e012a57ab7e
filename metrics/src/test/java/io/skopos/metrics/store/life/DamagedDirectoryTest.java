// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.life;

import io.skopos.metrics.store.MetricsStore;
import io.skopos.testkit.life.DamagedDirectoryContract;
import io.skopos.testkit.life.LifeWing;

/** A flipped bit of any file is named or harmless. */
final class DamagedDirectoryTest extends DamagedDirectoryContract<MetricsStore> {

  @Override
  protected LifeWing<MetricsStore> wing() {
    return new MetricsWing();
  }
}
