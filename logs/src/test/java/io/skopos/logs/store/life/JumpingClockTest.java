// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.life;

import io.skopos.logs.store.LogStore;
import io.skopos.model.UtcDay;
import io.skopos.testkit.life.JumpingClockContract;
import io.skopos.testkit.life.LifeWing;

/** The wall clock is set back and forth, and rows keep their days. */
final class JumpingClockTest extends JumpingClockContract<LogStore> {

  @Override
  protected LifeWing<LogStore> wing() {
    return new LogsWing();
  }

  /** Nanoseconds in 64 bits reach from 1677 to 2262. */
  @Override
  protected long[] times() {
    return new long[] {
      UtcDay.parse("1677-09-22").startMs(),
      -1,
      0,
      1,
      UtcDay.MILLIS - 1,
      UtcDay.MILLIS,
      UtcDay.parse("2099-12-31").endMs(),
      UtcDay.parse("2262-04-10").endMs()
    };
  }
}
