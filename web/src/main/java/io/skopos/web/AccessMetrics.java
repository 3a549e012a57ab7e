// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.logging.RequestLog;
import com.linecorp.armeria.server.ServiceRequestContext;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.Gauge;
import io.prometheus.metrics.core.metrics.Histogram;
import io.prometheus.metrics.model.registry.PrometheusRegistry;

/** Counts what the server is asked and how it answers, by route, never by raw path. */
final class AccessMetrics {

  private final Gauge inFlight;
  private final Counter requests;
  private final Histogram durations;
  private final Counter requestBytes;
  private final Counter responseBytes;
  private final Counter cancelled;

  AccessMetrics(PrometheusRegistry registry) {
    inFlight =
        Gauge.builder()
            .name("skopos_web_requests_in_flight")
            .help("Requests being handled; at most web.max_requests_in_flight.")
            .register(registry);
    requests =
        Counter.builder()
            .name("skopos_web_requests_total")
            .help("Requests answered, by route, method and status code.")
            .labelNames("route", "method", "code")
            .register(registry);
    durations =
        Histogram.builder()
            .name("skopos_web_request_duration_seconds")
            .help("From a request's first byte to its answer's last.")
            .labelNames("route")
            .classicOnly()
            .classicUpperBounds(0.001, 0.005, 0.025, 0.1, 0.5, 2.5, 10, 60)
            .register(registry);
    requestBytes =
        Counter.builder()
            .name("skopos_web_request_bytes_total")
            .help("Body bytes received, as sent.")
            .labelNames("route")
            .register(registry);
    responseBytes =
        Counter.builder()
            .name("skopos_web_response_bytes_total")
            .help("Body bytes sent, as sent.")
            .labelNames("route")
            .register(registry);
    cancelled =
        Counter.builder()
            .name("skopos_web_requests_cancelled_total")
            .help("Requests whose client went before the answer was complete.")
            .labelNames("route")
            .register(registry);
  }

  void begin(ServiceRequestContext context, String route) {
    inFlight.inc();
    var unused =
        context
            .log()
            .whenComplete()
            .thenAccept(log -> {
              inFlight.dec();
              count(log, route);
            });
  }

  private void count(RequestLog log, String route) {
    if (log.responseCause() == null) {
      requests
          .labelValues(
              route, log.requestHeaders().method().name(), log.responseStatus().codeAsText())
          .inc();
    } else {
      cancelled.labelValues(route).inc();
    }
    durations.labelValues(route).observe(log.totalDurationNanos() / 1e9);
    requestBytes.labelValues(route).inc(log.requestLength());
    responseBytes.labelValues(route).inc(log.responseLength());
  }
}
