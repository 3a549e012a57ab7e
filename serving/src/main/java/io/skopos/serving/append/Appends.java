// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.append;

import io.skopos.storage.WriteRefused;
import io.skopos.storage.WriteUnavailable;
import io.skopos.web.HttpError;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Waits for the intake and words its refusals as HTTP. */
public final class Appends {

  private static final Duration RETRY_AFTER = Duration.ofSeconds(5);

  private Appends() {}

  /** False when the rows were taken and dropped, because another replica's are kept. */
  public static boolean await(CompletableFuture<Void> append) {
    try {
      append.get();
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof WriteRefused refused && refused.isAccepted()) {
        return false;
      }
      throw failure(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HttpError.unavailable(
          "the server is shutting down; whether this was kept is unknown, send it again",
          RETRY_AFTER);
    }
  }

  /**
   * As {@link #await}, but what was kept in part does not fail.
   *
   * @return what was left out of a write whose rest was kept, or that another replica's rows are
   *     kept ({@link WriteRefused#isAccepted}); null when all of it was kept
   */
  public static @Nullable WriteRefused awaitPartly(CompletableFuture<Void> append) {
    AtomicReference<WriteRefused> left = new AtomicReference<>();
    await(
        append.exceptionally(failure -> {
          if (failure instanceof WriteRefused refused
              && (refused.keptRows() > 0 || refused.isAccepted())) {
            left.set(refused);
            return null;
          }
          throw failure instanceof RuntimeException known
              ? known
              : new IllegalStateException(failure);
        }));
    return left.get();
  }

  private static RuntimeException failure(@Nullable Throwable cause) {
    return switch (cause) {
      case WriteRefused refused -> refused(refused);
      case WriteUnavailable unavailable ->
          HttpError.unavailable(String.valueOf(unavailable.getMessage()), RETRY_AFTER);
      case RuntimeException unexpected -> unexpected;
      case null, default -> new IllegalStateException(cause);
    };
  }

  private static HttpError refused(WriteRefused refused) {
    HttpError error =
        new HttpError(refused.httpStatus(), "bad_data", String.valueOf(refused.getMessage()));
    Duration wait = refused.retryAfter().isPositive() ? refused.retryAfter() : RETRY_AFTER;
    return refused.httpStatus() == 429
        ? error.header("Retry-After", Long.toString(Math.max(1, wait.toSeconds())))
        : error;
  }
}
