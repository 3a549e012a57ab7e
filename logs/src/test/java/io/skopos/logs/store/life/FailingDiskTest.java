// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.life;

import io.skopos.logs.store.LogStore;
import io.skopos.testkit.life.FailingDiskContract;
import io.skopos.testkit.life.LifeWing;

/** A disk that fails or is full is told of, and got over. */
final class FailingDiskTest extends FailingDiskContract<LogStore> {

  @Override
  protected LifeWing<LogStore> wing() {
    return new LogsWing();
  }

  @Override
  protected int every() {
    return 61;
  }
}
