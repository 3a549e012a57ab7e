// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

/**
 * The times at which a query is evaluated: from start to end, both included, every step. Unix
 * milliseconds. An instant query is a grid of one step.
 */
public record StepGrid(long startMs, long endMs, long stepMs) {

  public StepGrid {
    if (stepMs <= 0) {
      throw new IllegalArgumentException("the step is " + stepMs + " ms, it must be positive");
    }
    if (endMs < startMs) {
      throw new IllegalArgumentException("the grid ends at " + endMs + ", before " + startMs);
    }
    if ((endMs - startMs) / stepMs >= Integer.MAX_VALUE) {
      throw new IllegalArgumentException("the grid has more than " + Integer.MAX_VALUE + " steps");
    }
  }

  public static StepGrid instant(long timeMs) {
    return new StepGrid(timeMs, timeMs, 1);
  }

  public int steps() {
    return (int) ((endMs - startMs) / stepMs) + 1;
  }

  public long timeMs(int step) {
    return startMs + step * stepMs;
  }

  /** The time of the last step, which may lie before {@link #endMs}. */
  public long lastMs() {
    return timeMs(steps() - 1);
  }
}
