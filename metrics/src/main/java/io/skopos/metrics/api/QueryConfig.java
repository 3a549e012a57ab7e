// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.model.config.ByteSize;
import io.skopos.model.config.Setting;
import io.skopos.serving.query.QueryLimits;
import java.time.Duration;

/** What queries may cost. A limit stops only the query that passes it. */
public record QueryConfig(
    @Setting(
            doc = "Longest a query may wait and run; a request may ask for less.",
            defaultValue = "2m",
            perTenant = true)
        Duration timeout,
    @Setting(
            doc = "How old a sample may be to count as a series' current value.",
            defaultValue = "5m")
        Duration lookback,
    @Setting(
            doc = "Samples one query may hold in memory; 0 means any number.",
            defaultValue = "50000000",
            perTenant = true)
        long maxSamples,
    @Setting(
            doc = "Series one query may select; 0 means any number.",
            defaultValue = "1000000",
            perTenant = true)
        long maxSeries,
    @Setting(doc = "Bytes one query may read; 0 means any number.", perTenant = true)
        ByteSize maxBytes,
    @Setting(
            doc =
                "Bytes one query may fetch from buckets, those that the local cache has not;"
                    + " 0 means any number.",
            defaultValue = "10GiB",
            perTenant = true)
        ByteSize maxFetchedBytes,
    @Setting(doc = "Points per series of a range query.", defaultValue = "11000") int maxPoints,
    @Setting(
            doc =
                "Queries computed at the same time; 0 means one per processor and at least 4. One"
                    + " that has run for 100 ms leaves its place to others and goes on beside them,"
                    + " half as many at once, resting while shorter ones are there; with 1 all run"
                    + " one after the other.",
            defaultValue = "0")
        int concurrency,
    @Setting(
            doc = "Queries that wait for their turn; the next one is answered with 503.",
            defaultValue = "256")
        int queue,
    @Setting(
            doc =
                "Queries one tenant may have running or waiting; the next one is answered with 429."
                    + " 0 means any number.",
            defaultValue = "0",
            perTenant = true)
        int tenantConcurrency,
    @Setting(
            doc =
                "Whether /api/v1/admin/tsdb/delete_series, clean_tombstones and snapshot may be"
                    + " called.",
            defaultValue = "false")
        boolean adminApi,
    @Setting(doc = "Prometheus' remote read.") RemoteReadConfig remoteRead,
    @Setting(doc = "Which parts of PromQL are switched on.") LanguageConfig language) {

  public static final QueryConfig DEFAULT =
      new QueryConfig(
          Duration.ofMinutes(2),
          Duration.ofMinutes(5),
          50_000_000,
          1_000_000,
          new ByteSize(0),
          new ByteSize(10L << 30),
          11_000,
          0,
          256,
          0,
          false,
          RemoteReadConfig.DEFAULT,
          LanguageConfig.DEFAULT);

  public QueryConfig {
    if (!timeout.isPositive() || !lookback.isPositive() || maxPoints < 1 || queue < 1) {
      throw new IllegalArgumentException(
          "query.timeout, query.lookback, query.max_points and query.queue must be positive");
    }
  }

  /** The same with the admin endpoints enabled. */
  public QueryConfig withAdminApi() {
    return new QueryConfig(
        timeout,
        lookback,
        maxSamples,
        maxSeries,
        maxBytes,
        maxFetchedBytes,
        maxPoints,
        concurrency,
        queue,
        tenantConcurrency,
        true,
        remoteRead,
        language);
  }

  /** What all wings' queries share of these. */
  public QueryLimits limits() {
    return new QueryLimits(
        timeout,
        maxSamples,
        maxSeries,
        maxBytes.bytes(),
        maxFetchedBytes.bytes(),
        0,
        tenantConcurrency);
  }

  public int threads() {
    return concurrency > 0 ? concurrency : Math.max(4, Runtime.getRuntime().availableProcessors());
  }
}
