// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Where the leases that are open now were taken, for tests that look for one that is never closed:
 * with it the parts, pages and heads of a query stay. Off in production, where the metrics tell how
 * many are open and for how long. Thread-safe.
 */
public final class LeaseTraces {

  private static final Map<Manifests.Lease, Throwable> OPEN = new ConcurrentHashMap<>();

  private static volatile boolean on;

  private LeaseTraces() {}

  /** From now on; what is open already is not known. */
  public static void begin() {
    OPEN.clear();
    on = true;
  }

  /** A stack trace of each that is open. */
  public static List<Throwable> open() {
    return List.copyOf(OPEN.values());
  }

  public static void end() {
    on = false;
    OPEN.clear();
  }

  static void opened(Manifests.Lease lease) {
    if (on) {
      OPEN.put(lease, new Throwable("taken by " + Thread.currentThread().getName()));
    }
  }

  static void closed(Manifests.Lease lease) {
    if (on) {
      OPEN.remove(lease);
    }
  }
}
