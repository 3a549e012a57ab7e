// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks again and again: after the interval, and sooner after failures. */
public final class PollingDiscovery implements Discovery {

  private static final Logger log = LoggerFactory.getLogger(PollingDiscovery.class);
  private static final long FIRST_RETRY_MS = 1000;

  /** One try. */
  @FunctionalInterface
  public interface Poll {
    List<TargetGroup> find() throws DiscoveryFailure, InterruptedException;
  }

  private final Poll poll;
  private final long intervalMs;
  private final DiscoveredTargets targets;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Runnable onClose;
  private final Thread thread;

  /**
   * @param onClose releases what the poll holds
   */
  public PollingDiscovery(
      DiscoveryContext context,
      Duration interval,
      Poll poll,
      DiscoveredTargets targets,
      Runnable onClose) {
    this.poll = poll;
    this.intervalMs = Math.max(100, interval.toMillis());
    this.targets = targets;
    this.onClose = onClose;
    this.thread = context.waiting().newThread(this::run);
    thread.start();
  }

  private void run() {
    long retryMs = FIRST_RETRY_MS;
    try {
      while (closed.getCount() > 0) {
        long waitMs = intervalMs;
        if (once()) {
          retryMs = FIRST_RETRY_MS;
        } else {
          waitMs = Math.min(retryMs, intervalMs);
          retryMs = Math.min(retryMs * 2, intervalMs);
        }
        if (closed.await(waitMs, TimeUnit.MILLISECONDS)) {
          return;
        }
      }
    } catch (InterruptedException e) {
      log.trace("a discovery was closed", e);
    }
  }

  private boolean once() throws InterruptedException {
    try {
      targets.replaceAll(poll.find());
      return true;
    } catch (DiscoveryFailure e) {
      targets.failed(String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.error("a discovery failed by a defect of ours", e);
      targets.failed("a defect of the discovery: " + e);
    }
    return false;
  }

  @Override
  public void close() {
    closed.countDown();
    thread.interrupt();
    onClose.run();
  }
}
