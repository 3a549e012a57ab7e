// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.rest;

import io.skopos.buckets.FailureKind;
import io.skopos.buckets.RequestDeadline;
import io.skopos.buckets.RequestFailure;
import io.skopos.buckets.http.HttpAnswer;
import io.skopos.buckets.http.HttpTransport;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** A bearer token that is asked for again before it runs out. Thread-safe. */
public final class AccessToken {

  private static final Duration EARLY = Duration.ofMinutes(5);
  private static final Duration TIME_TO_ASK = Duration.ofSeconds(10);

  private final HttpTransport transport;
  private final Asking asking;
  private final InstantSource clock;
  private final ReentrantLock lock = new ReentrantLock();
  private String token = "";
  private Instant renewal = Instant.MIN;

  public AccessToken(HttpTransport transport, Asking asking, InstantSource clock) {
    this.transport = transport;
    this.asking = asking;
    this.clock = clock;
  }

  /** The token now. */
  public String get() throws IOException {
    lock.lock();
    try {
      if (clock.instant().isBefore(renewal)) {
        return token;
      }
      Map<String, String> fields = ask();
      String granted = fields.getOrDefault("access_token", "");
      if (granted.isEmpty()) {
        throw new RequestFailure(
            FailureKind.CREDENTIALS, "the answer to a request for a token holds none", null);
      }
      long seconds = Long.parseLong(fields.getOrDefault("expires_in", "300"));
      Duration life = Duration.ofSeconds(seconds);
      Duration early = life.compareTo(EARLY.multipliedBy(2)) > 0 ? EARLY : life.dividedBy(2);
      token = granted;
      renewal = clock.instant().plus(life).minus(early);
      return token;
    } finally {
      lock.unlock();
    }
  }

  /** Forgets the token: the store did not accept it. */
  public void refused(String used) {
    lock.lock();
    try {
      if (token.equals(used)) {
        renewal = Instant.MIN;
      }
    } finally {
      lock.unlock();
    }
  }

  private Map<String, String> ask() throws IOException {
    HttpRequest request = asking.request();
    String where = request.uri().getHost();
    try (HttpAnswer answer = transport.send(request, RequestDeadline.left(TIME_TO_ASK))) {
      byte[] body = answer.errorBody();
      if (answer.status() != 200) {
        FailureKind kind =
            answer.status() >= 500 || answer.status() == 429
                ? FailureKind.UNAVAILABLE
                : FailureKind.CREDENTIALS;
        throw new RequestFailure(
            kind, "no token from " + where + ": it answered " + answer.status(), null);
      }
      return JsonFields.read(body);
    } catch (RequestFailure e) {
      throw e;
    } catch (IOException e) {
      IOException failure = RequestFailure.of(e);
      if (failure instanceof RequestFailure known) {
        throw new RequestFailure(
            known.kind(), "no token from " + where + ": " + known.getMessage(), e);
      }
      throw failure;
    }
  }

  /** Makes the request for a token. */
  @FunctionalInterface
  public interface Asking {
    HttpRequest request() throws IOException;
  }
}
