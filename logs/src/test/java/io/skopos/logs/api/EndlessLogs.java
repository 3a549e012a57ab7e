// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.LogSelection;
import io.skopos.logs.store.LogSource;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** A store whose entries never end for those who scan it, until they are stopped. */
final class EndlessLogs implements LogSource {

  final CountDownLatch reading = new CountDownLatch(1);
  final BlockingQueue<RuntimeException> ends = new LinkedBlockingQueue<>();
  volatile boolean finish;

  private final LogSource store;

  EndlessLogs(LogSource store) {
    this.store = store;
  }

  @Override
  public List<String> scan(LogSelection selection, QueryBudget budget, RunVisitor visitor) {
    try {
      do {
        store.scan(selection, budget, visitor);
        reading.countDown();
      } while (!finish);
    } catch (RuntimeException e) {
      ends.add(e);
      throw e;
    }
    return List.of();
  }

  @Override
  public Collection<Labels> streams(
      TenantId tenant, List<Matcher> matchers, long fromNs, long toNs, QueryBudget budget) {
    return store.streams(tenant, matchers, fromNs, toNs, budget);
  }

  @Override
  public List<String> volumes(
      TenantId tenant,
      List<Matcher> matchers,
      long fromNs,
      long toNs,
      QueryBudget budget,
      VolumeVisitor visitor) {
    return store.volumes(tenant, matchers, fromNs, toNs, budget, visitor);
  }
}
