// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire.opentsdb;

/** OpenTSDB's timestamps: seconds, or milliseconds when they need more than 32 bits. */
final class OpenTsdbTime {

  private static final long MAX_SECONDS = 0xffff_ffffL;

  private OpenTsdbTime() {}

  static long toMs(double time) {
    return Math.abs(time) > MAX_SECONDS ? (long) time : Math.round(time * 1000);
  }
}
