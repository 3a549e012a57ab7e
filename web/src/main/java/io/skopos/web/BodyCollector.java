// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpObject;
import io.skopos.model.config.ByteSize;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/**
 * Gathers a request's body into one array that grows with what has arrived, never ahead of it by
 * more than double, and stops at the limit. Runs on the connection's event loop.
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
  public void onNext(HttpObject object) {
    if (!(object instanceof HttpData data) || done.isDone()) {
      return;
    }
    try (data) {
      if (length + (long) data.length() > limit.bytes()) {
        fail(tooLarge(limit, limitName));
        return;
      }
      ensure(data.length());
      byte[] piece = data.array();
      System.arraycopy(piece, 0, bytes, length, piece.length);
      length += piece.length;
    } catch (HttpError e) {
      fail(e);
    }
  }

  private void ensure(int more) {
    int needed = length + more;
    if (needed > bytes.length) {
      int capacity =
          (int) Math.min(limit.bytes(), Math.max(needed, Math.max(START_BYTES, bytes.length * 2L)));
      memory.reserve(capacity - bytes.length);
      bytes = Arrays.copyOf(bytes, capacity);
    }
  }

  private void fail(Throwable cause) {
    if (subscription != null) {
      subscription.cancel();
    }
    if (done.completeExceptionally(cause)) {
      memory.release(bytes.length);
    }
  }

  @Override
  public void onError(Throwable cause) {
    fail(cause);
  }

  @Override
  public void onComplete() {
    Body body = new Body(bytes, length, memory);
    if (!done.complete(body)) {
      body.close();
    }
  }
}
