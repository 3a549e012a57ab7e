// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.rest;

import io.skopos.buckets.Bodies;
import io.skopos.buckets.FailureKind;
import io.skopos.buckets.RequestFailure;
import io.skopos.buckets.http.HttpAnswer;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** What requests and answers of stores spoken to by plain HTTP have in common. */
public final class Answers {

  private Answers() {}

  /** The buffer's rest, which stays as it is; no body for null. */
  public static BodyPublisher publisher(@Nullable ByteBuffer body) {
    return body == null
        ? BodyPublishers.noBody()
        : BodyPublishers.ofByteArray(
            body.array(), body.arrayOffset() + body.position(), body.remaining());
  }

  /** Of the body; an answer that does not tell it is refused. */
  public static long length(HttpAnswer answer) throws RequestFailure {
    String length = answer.header("content-length");
    if (length.isEmpty()) {
      throw new RequestFailure(FailureKind.REFUSED, "answered without a Content-Length", null);
    }
    return Long.parseLong(length);
  }

  /**
   * The whole body.
   *
   * @param store and {@code key} for the message
   * @throws io.skopos.storage.objects.ObjectTooLarge before anything is read
   */
  public static byte[] whole(HttpAnswer answer, int maxBytes, String store, String key)
      throws IOException {
    long length = length(answer);
    if (length > maxBytes) {
      throw Bodies.tooLarge(store, key, length, maxBytes);
    }
    return Bodies.whole(answer.body(), (int) length);
  }

  /**
   * Fills the buffer from the answer to a ranged request.
   *
   * @return false when the object ends before the buffer's end
   */
  public static boolean fill(HttpAnswer answer, ByteBuffer into) throws IOException {
    if (length(answer) < into.remaining()) {
      return false;
    }
    Bodies.fill(answer.body(), into);
    return true;
  }

  /**
   * @param code what the store calls it, or empty
   */
  public static RequestFailure failure(FailureKind kind, HttpAnswer answer, String code) {
    return new RequestFailure(
        kind, ("answered " + answer.status() + " " + code).trim(), retryAfter(answer), null);
  }

  private static Duration retryAfter(HttpAnswer answer) {
    try {
      return Duration.ofSeconds(Long.parseLong(answer.header("retry-after")));
    } catch (NumberFormatException e) {
      return Duration.ZERO; // none, or a date
    }
  }
}
