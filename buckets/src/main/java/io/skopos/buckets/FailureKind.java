// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

/** Why a request failed, and what follows from it. */
public enum FailureKind {
  /** No connection came to be; nothing was written. */
  UNREACHABLE(true, false),
  /** The connection broke, or the store answered 5xx: the request may have been carried out. */
  UNAVAILABLE(true, true),
  /** No answer in time. */
  TIMEOUT(true, true),
  /** The body ended before its length. */
  TRUNCATED(true, true),
  /** The store asks for fewer requests. */
  THROTTLED(true, true),
  /** The store was busy with another conditional request for the same key; nothing was written. */
  CONTENDED(true, false),
  /** The two clocks differ, or credentials have run out a moment ago. */
  STALE_SIGNATURE(true, false),
  /** There is no object under the key. */
  MISSING(false, false),
  /** The object is not as the request's condition says. */
  PRECONDITION(false, false),
  /** These credentials may not do this. */
  DENIED(false, false),
  /** There are no credentials, or the store does not know them. */
  CREDENTIALS(false, false),
  /** There is no such bucket. */
  NO_BUCKET(false, false),
  /** The bucket lies elsewhere. */
  WRONG_REGION(false, false),
  /** The store does not know this request. */
  UNSUPPORTED(false, false),
  /** The store refuses the request for another reason. */
  REFUSED(false, false);

  private final boolean retried;
  private final boolean maybeDone;

  FailureKind(boolean retried, boolean maybeDone) {
    this.retried = retried;
    this.maybeDone = maybeDone;
  }

  /** What a status means where the store gives no reason that says more. */
  public static FailureKind ofStatus(int status) {
    return switch (status) {
      case 401, 403 -> DENIED;
      case 404 -> MISSING;
      case 408 -> UNAVAILABLE;
      case 409 -> CONTENDED;
      case 304, 412 -> PRECONDITION;
      case 429, 503 -> THROTTLED;
      case 405, 501 -> UNSUPPORTED;
      default -> status >= 500 ? UNAVAILABLE : REFUSED;
    };
  }

  /** Whether the same request may succeed later. */
  public boolean isRetried() {
    return retried;
  }

  /** Whether the request may have been carried out all the same. */
  public boolean isMaybeDone() {
    return maybeDone;
  }
}
