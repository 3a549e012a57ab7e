// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.life;

import io.skopos.logs.store.LogStore;
import io.skopos.testkit.life.DamagedDirectoryContract;
import io.skopos.testkit.life.LifeWing;

/** A flipped bit of any file is named or harmless. */
final class DamagedDirectoryTest extends DamagedDirectoryContract<LogStore> {

  @Override
  protected LifeWing<LogStore> wing() {
    return new LogsWing();
  }

  @Override
  protected int every() {
    return 4001;
  }
}
