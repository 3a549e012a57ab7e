// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.life;

import io.skopos.logs.store.LogStore;
import io.skopos.testkit.life.LifeWing;
import io.skopos.testkit.life.MemoryReturnsContract;

/** Memory that was charged is given back. */
final class MemoryReturnsTest extends MemoryReturnsContract<LogStore> {

  @Override
  protected LifeWing<LogStore> wing() {
    return new LogsWing();
  }
}
