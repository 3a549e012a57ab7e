// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import io.skopos.storage.manifest.LeaseTraces;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * Fails a test that leaves a snapshot of a store open, and shows where it was opened. To be put on
 * tests that ask stores: {@code @ExtendWith(NoOpenLeases.class)}.
 */
public final class NoOpenLeases implements BeforeEachCallback, AfterEachCallback {

  /** What runs in the background may just be ending. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(5);

  @Override
  public void beforeEach(ExtensionContext context) {
    LeaseTraces.begin();
  }

  @Override
  public void afterEach(ExtensionContext context) throws InterruptedException {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    List<Throwable> open = LeaseTraces.open();
    while (!open.isEmpty() && System.nanoTime() < deadline) {
      TimeUnit.MILLISECONDS.sleep(5);
      open = LeaseTraces.open();
    }
    LeaseTraces.end();
    if (!open.isEmpty() && context.getExecutionException().isEmpty()) {
      AssertionError leak =
          new AssertionError(open.size() + " snapshots were left open; one was", open.getFirst());
      open.stream().skip(1).forEach(leak::addSuppressed);
      throw leak;
    }
  }
}
