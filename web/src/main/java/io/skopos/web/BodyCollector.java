// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import io.skopos.model.config.ByteSize;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Gathers a request's body into one array that grows with what has arrived, never ahead of it by
 * more than double, and stops at the limit. Filled by the connection's event loop.
 */
final class BodyCollector implements Subscriber<HttpObject> {

  private static final int START_BYTES = 8 * 1024;

  private final ByteSize limit;
  private final String limitName;
  private final BodyMemory memory;
  private final CompletableFuture<Body> done = new CompletableFuture<>();
  private byte[] bytes = new byte[0];
  private int length;
  private @org.jspecify.annotations.Nullable Subscription subscription;

  BodyCollector(ByteSize limit, String limitName, BodyMemory memory) {
    this.limit = limit;
    this.limitName = limitName;
    this.memory = memory;
  }

  /** Completes with the body, or with the {@link HttpError} to answer. */
  CompletableFuture<Body> done() {
    return done;
  }

  static HttpError tooLarge(ByteSize limit, String limitName) {
    return HttpError.tooLarge(
        "the body is larger than " + limit + " (" + limitName + "); send smaller pieces");
  }

  @Override
  public void onSubscribe(Subscription subscription) {
    this.subscription = subscription;
    subscription.request(Long.MAX_VALUE);
  }

  @Override
  public synchronized void onNext(HttpObject object) {
    if (!(object instanceof HttpData data)) {
      return;
    }
    try (data) {
      if (done.isDone()) {
        return;
      }
      if (length + (long) data.length() > limit.bytes()) {
        fail(tooLarge(limit, limitName));
        return;
      }
      ensure(data.length());
      int more = data.length();
      data.byteBuf().readBytes(bytes, length, more);
      length += more;
    } catch (HttpError e) {
      fail(e);
    }
  }

  private void ensure(int more) {
    int needed = length + more;
    if (needed > bytes.length) {
      int capacity =
          (int) Math.min(limit.bytes(), Math.max(needed, Math.max(START_BYTES, bytes.length * 2L)));
      byte[] larger = memory.take(capacity);
      System.arraycopy(bytes, 0, larger, 0, length);
      if (bytes.length > 0) {
        memory.giveBack(bytes);
      }
      bytes = larger;
    }
  }

  /** Whoever gives up waiting calls this too, so that the array is never written to afterwards. */
  private synchronized void fail(Throwable cause) {
    if (subscription != null) {
      subscription.cancel();
    }
    if (done.completeExceptionally(cause)) {
      memory.giveBack(bytes);
    }
  }

  @Override
  public void onError(Throwable cause) {
    fail(cause);
  }

  @Override
  public synchronized void onComplete() {
    Body body = new Body(bytes, length, memory);
    if (!done.complete(body)) {
      body.close();
    }
  }
}
