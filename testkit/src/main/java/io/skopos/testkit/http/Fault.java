// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.http;

import java.time.Duration;

/** What goes wrong with one request. */
public sealed interface Fault {

  /** Nothing. */
  record None() implements Fault {}

  /** It takes longer. */
  record Slow(Duration by) implements Fault {}

  /** No answer, until the plan changes; the server does not see it. */
  record Hang() implements Fault {}

  /** An answer of the proxy's own. The server does not see the request. */
  record Refuse(int status, String code) implements Fault {}

  /** The server carries it out, and the client is told something else. */
  record LoseAnswer(int status, String code) implements Fault {}

  /** The server carries it out, and the connection breaks. */
  record Break() implements Fault {}

  /** The body ends in the middle, and the connection with it. */
  record Truncate() implements Fault {}

  /** Another clock: requests signed by a time too far from it are refused, as S3 does. */
  record Skew(Duration ahead) implements Fault {}

  /** Listings do not show objects that were written within this time. */
  record StaleListings(Duration behind) implements Fault {}
}
