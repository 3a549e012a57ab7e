// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.channels.Channel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What clients share: the clock that ends exchanges at their deadlines, and the threads names are
 * resolved on (the JDK's resolver can neither be interrupted nor given a deadline). Thread-safe.
 */
public final class HttpThreads implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(HttpThreads.class);

  private final ScheduledThreadPoolExecutor deadlines;
  private final ExecutorService resolving;
  private final ConcurrentHashMap<String, CompletableFuture<InetAddress[]>> lookups =
      new ConcurrentHashMap<>();

  /**
   * @param waiting makes threads that wait for the resolver; one per name at a time
   */
  public HttpThreads(ThreadFactory waiting) {
    deadlines =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("http-deadlines").factory());
    deadlines.setRemoveOnCancelPolicy(true);
    resolving = Executors.newThreadPerTaskExecutor(waiting);
  }

  /**
   * Closes the channel at the deadline, unless the future is cancelled before; whoever waits on the
   * channel gets an exception then.
   */
  Future<?> closeAt(Deadline deadline, Channel channel) {
    return deadlines.schedule(
        () -> close(channel), Math.max(0, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
  }

  private static void close(Channel channel) {
    try {
      channel.close();
    } catch (IOException e) {
      log.debug("closing a connection at its deadline", e);
    }
  }

  InetAddress[] resolve(String host, Deadline deadline)
      throws UnknownHostException, FetchFailure, InterruptedException {
    if (isLiteral(host)) {
      return new InetAddress[] {InetAddress.getByName(host)};
    }
    CompletableFuture<InetAddress[]> lookup = lookups.computeIfAbsent(host, this::look);
    try {
      return lookup.get(Math.max(1, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw deadline.failure(e);
    } catch (ExecutionException e) {
      throw (UnknownHostException) new UnknownHostException(host).initCause(e.getCause());
    }
  }

  private CompletableFuture<InetAddress[]> look(String host) {
    CompletableFuture<InetAddress[]> found = new CompletableFuture<>();
    resolving.execute(() -> {
      try {
        found.complete(InetAddress.getAllByName(host));
      } catch (UnknownHostException | RuntimeException e) {
        found.completeExceptionally(e);
      } finally {
        lookups.remove(host);
      }
    });
    return found;
  }

  static boolean isLiteral(String host) {
    return host.indexOf(':') >= 0 || host.matches("\\d{1,3}(\\.\\d{1,3}){3}");
  }

  @Override
  public void close() {
    deadlines.shutdownNow();
    resolving.shutdownNow();
  }
}
