// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;

/** What goes to and from a bucket. */
final class BucketMetrics {

  final Counter requests;
  final Histogram seconds;
  final Counter retries;
  final Counter failedCalls;
  final Counter bytes;
  final AtomicInteger inFlight = new AtomicInteger();
  final AtomicInteger waiting = new AtomicInteger();

  BucketMetrics(PrometheusRegistry registry) {
    requests =
        Counter.builder()
            .name("skopos_object_store_requests_total")
            .help("Requests to the object store, by what they were and how they ended.")
            .labelNames("operation", "result")
            .register(registry);
    seconds =
        Histogram.builder()
            .name("skopos_object_store_request_seconds")
            .help("Time of a request to the object store, its body included.")
            .labelNames("operation")
            .classicUpperBounds(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
            .register(registry);
    retries =
        Counter.builder()
            .name("skopos_object_store_retries_total")
            .help("Requests to the object store that were tried again.")
            .labelNames("operation")
            .register(registry);
    failedCalls =
        Counter.builder()
            .name("skopos_object_store_failed_calls_total")
            .help("Calls of the object store that failed after all attempts.")
            .labelNames("operation")
            .register(registry);
    bytes =
        Counter.builder()
            .name("skopos_object_store_bytes_total")
            .help("Bytes of objects sent to (out) and received from (in) the object store.")
            .labelNames("direction")
            .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_object_store_in_flight")
        .help("Requests to the object store right now; bounded by requests.concurrency.")
        .callback(callback -> callback.call(inFlight.get()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_object_store_waiting")
        .help("Calls that wait because there are as many requests as may be at once.")
        .callback(callback -> callback.call(waiting.get()))
        .register(registry);
  }

  void ended(Operation operation, String result, long nanos) {
    requests.labelValues(operation.label(), result).inc();
    seconds.labelValues(operation.label()).observe(nanos / 1e9);
  }

  static String label(FailureKind kind) {
    return kind.toString().toLowerCase(Locale.ROOT);
  }
}
