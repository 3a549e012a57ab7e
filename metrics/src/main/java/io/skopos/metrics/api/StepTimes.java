// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

/** The times of a query's steps, in milliseconds. */
record StepTimes(long startMs, long stepMs) {

  long timeMs(int step) {
    return startMs + step * stepMs;
  }
}
