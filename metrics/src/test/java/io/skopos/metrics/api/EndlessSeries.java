// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.language.conformance.InMemorySamples;
import io.skopos.metrics.store.ForwardingSamples;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;

/** One series whose samples never end, until its reader is stopped. */
final class EndlessSeries extends ForwardingSamples {

  final CountDownLatch reading = new CountDownLatch(1);
  final BlockingQueue<RuntimeException> ends = new LinkedBlockingQueue<>();
  volatile boolean finish;

  EndlessSeries() {
    super(new InMemorySamples());
  }

  @Override
  public Selection select(
      TenantId tenant, List<Matcher> matchers, TimeRange range, QueryBudget budget) {
    return new Selection() {
      @Override
      public int size() {
        return 1;
      }

      @Override
      public Labels labels(int index) {
        return Labels.of("__name__", "endless");
      }

      @Override
      public void read(int index, long fromMs, long toMs, SampleBuffer into) {
        reading.countDown();
        try {
          while (!finish) {
            budget.readSamples(1);
            Thread.onSpinWait();
          }
        } catch (RuntimeException e) {
          ends.add(e);
          throw e;
        }
      }

      @Override
      public void close() {}
    };
  }
}
