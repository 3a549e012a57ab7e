// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.self;

import io.prometheus.metrics.expositionformats.OpenMetricsTextFormatWriter;
import io.prometheus.metrics.expositionformats.PrometheusTextFormatWriter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.web.ErrorShape;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/** {@code GET /metrics}: text 0.0.4, or OpenMetrics where it is asked for. */
public final class OwnMetrics {

  private final PrometheusRegistry registry;
  private final PrometheusTextFormatWriter text = PrometheusTextFormatWriter.create();
  private final OpenMetricsTextFormatWriter openMetrics = OpenMetricsTextFormatWriter.create();

  public OwnMetrics(PrometheusRegistry registry) {
    this.registry = registry;
  }

  public void register(Routes routes) {
    routes.familyBeforeReady(ErrorShape.PLAIN_TEXT, Right.READ).get("/metrics", this::serve);
  }

  private Response serve(Request request) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(32 * 1024);
    String accept = request.header("Accept");
    if (openMetrics.accepts(accept)) {
      openMetrics.write(out, registry.scrape());
      return Response.bytes(200, openMetrics.getContentType(), out.toByteArray());
    }
    text.write(out, registry.scrape());
    return Response.bytes(200, text.getContentType(), out.toByteArray());
  }

  /** The text form, as it is now. */
  byte[] textNow() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(32 * 1024);
    text.write(out, registry.scrape());
    return out.toByteArray();
  }
}
