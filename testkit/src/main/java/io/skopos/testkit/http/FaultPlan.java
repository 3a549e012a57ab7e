// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.http;

import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;

/** Says which fault a request meets. Called by many threads. */
@FunctionalInterface
public interface FaultPlan {

  Fault faultOf(HttpMessage request);

  static FaultPlan none() {
    return request -> new Fault.None();
  }

  /** The same for all requests. */
  static FaultPlan always(Fault fault) {
    return request -> fault;
  }

  /** For the first {@code count} requests that fit. */
  static FaultPlan first(int count, Predicate<HttpMessage> fitting, Fault fault) {
    AtomicInteger left = new AtomicInteger(count);
    return request ->
        fitting.test(request) && left.getAndDecrement() > 0 ? fault : new Fault.None();
  }

  /** One of the faults for this share of the requests, by the seed. */
  static FaultPlan some(double share, long seed, Fault... faults) {
    SplittableRandom random = new SplittableRandom(seed);
    return request -> {
      synchronized (random) {
        return random.nextDouble() < share
            ? faults[random.nextInt(faults.length)]
            : new Fault.None();
      }
    };
  }
}
