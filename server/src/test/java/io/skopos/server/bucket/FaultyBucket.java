// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.bucket;

import io.skopos.testkit.http.Fault;
import io.skopos.testkit.http.FaultPlan;
import io.skopos.testkit.http.FaultyProxy;
import io.skopos.testkit.process.S3ProxyProcess;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** A bucket of a real store behind a proxy that spoils what passes. */
public final class FaultyBucket implements AutoCloseable {

  /** Longer on a machine so busy that a store that works seems away. */
  private static final String TIMEOUT = System.getProperty("skopos.bucket.timeout", "10s");

  private final S3ProxyProcess store;
  private final FaultyProxy proxy;
  private boolean isAway;

  private FaultyBucket(S3ProxyProcess store, FaultyProxy proxy) {
    this.store = store;
    this.proxy = proxy;
  }

  public static FaultyBucket start() throws IOException, InterruptedException {
    S3ProxyProcess store = S3ProxyProcess.shared();
    return new FaultyBucket(store, FaultyProxy.before(store.endpoint()));
  }

  /** What a server needs to know to use an empty bucket of it, and to lose no time with that. */
  public List<String> arguments() throws IOException {
    List<String> arguments = new ArrayList<>();
    for (String setting :
        List.of(
            "storage.object_store.type=s3",
            "storage.object_store.bucket=" + store.newBucket(),
            "storage.object_store.endpoint=" + proxy.endpoint(),
            "storage.object_store.credentials.access_key=" + S3ProxyProcess.ACCESS_KEY,
            "storage.object_store.credentials.secret_key=" + S3ProxyProcess.SECRET_KEY,
            "storage.object_store.requests.timeout=" + TIMEOUT,
            "storage.object_store.requests.attempt_timeout=4s",
            "storage.tiering.upload=at_once",
            "storage.tiering.interval=100ms",
            "storage.tiering.removal_delay=1s")) {
      arguments.add("--set");
      arguments.add(setting);
    }
    return arguments;
  }

  public void plan(FaultPlan plan) {
    proxy.plan(plan);
  }

  public void goAway() throws IOException {
    proxy.goAway();
    isAway = true;
  }

  /** One of the ways of a bucket to fail, or none. */
  public void disturb(RandomGenerator random) throws IOException {
    switch (random.nextInt(5)) {
      case 0 -> goAway();
      case 1 -> plan(FaultPlan.always(new Fault.Slow(Duration.ofMillis(random.nextInt(300)))));
      case 2, 3 ->
          plan(
              FaultPlan.some(
                  0.05 + random.nextDouble() / 2,
                  random.nextLong(),
                  new Fault.Refuse(503, "SlowDown"),
                  new Fault.LoseAnswer(500, "InternalError"),
                  new Fault.Break(),
                  new Fault.Truncate(),
                  new Fault.Slow(Duration.ofMillis(200))));
      default -> {}
    }
  }

  /** It works again. */
  public void calm() throws IOException {
    proxy.plan(FaultPlan.none());
    if (isAway) {
      proxy.comeBack();
      isAway = false;
    }
  }

  @Override
  public void close() throws IOException {
    proxy.close();
  }
}
