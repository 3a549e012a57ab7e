// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.peers;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.skopos.metrics.wire.ProtobufWriter;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;

/**
 * A target as client libraries make them: a counter with an exemplar and a native histogram, in
 * protobuf for who asks for it, without the histogram in text.
 */
final class HistogramTarget implements AutoCloseable {

  private final HttpServer server;

  HistogramTarget() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/metrics", HistogramTarget::answer);
    server.start();
  }

  int port() {
    return server.getAddress().getPort();
  }

  private static void answer(HttpExchange exchange) throws IOException {
    String accept = String.valueOf(exchange.getRequestHeaders().getFirst("Accept"));
    boolean protobuf = accept.contains("application/vnd.google.protobuf");
    byte[] body =
        protobuf
            ? families()
            : "# TYPE jobs_total counter\njobs_total 7\n".getBytes(StandardCharsets.UTF_8);
    exchange
        .getResponseHeaders()
        .set(
            "Content-Type",
            protobuf
                ? "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily;"
                    + " encoding=delimited"
                : "text/plain; version=0.0.4");
    exchange.sendResponseHeaders(200, body.length);
    exchange.getResponseBody().write(body);
    exchange.close();
  }

  private static byte[] families() {
    ProtobufWriter stream = new ProtobufWriter();
    ProtobufWriter family = new ProtobufWriter();
    counter(family);
    delimited(family, stream);
    histogram(family);
    delimited(family, stream);
    return stream.copy();
  }

  private static void counter(ProtobufWriter out) {
    out.text(1, "jobs_total");
    out.integer(3, 0);
    int metric = out.begin(4);
    int counter = out.begin(3);
    out.float64(1, 7);
    int exemplar = out.begin(2);
    int label = out.begin(1);
    out.text(1, "trace_id");
    out.text(2, "abc");
    out.end(label);
    out.float64(2, 1);
    out.end(exemplar);
    out.end(counter);
    out.end(metric);
  }

  private static void histogram(ProtobufWriter out) {
    out.text(1, "latency_seconds");
    out.integer(3, 4);
    int metric = out.begin(4);
    int histogram = out.begin(7);
    out.integer(1, 12);
    out.float64(2, 18.5);
    out.zigzag(5, 3);
    out.float64(6, 0.001);
    out.integer(7, 2);
    int span = out.begin(12);
    out.zigzag(1, -1);
    out.integer(2, 2);
    out.end(span);
    out.zigzag(13, 4);
    out.zigzag(13, 2);
    out.end(histogram);
    out.end(metric);
  }

  private static void delimited(ProtobufWriter family, ProtobufWriter stream) {
    stream.varint(family.size());
    stream.raw(family.bytes(), 0, family.size());
    family.clear();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
