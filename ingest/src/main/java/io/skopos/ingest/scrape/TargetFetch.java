// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.ingest.http.Deadline;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpAnswer;
import io.skopos.ingest.http.HttpCall;
import io.skopos.ingest.http.HttpClient;
import io.skopos.ingest.scrape.config.ScrapeConfig;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * GETs a target's body within a deadline and a size. One per scrape config: its targets share the
 * kept-alive connections. Thread-safe.
 */
final class TargetFetch implements AutoCloseable {

  /** How the message of a scrape begins whose body was too large. */
  static final String TOO_LARGE = "body size limit exceeded";

  private final HttpClient client;
  private final String accept;
  private final String acceptEncoding;

  TargetFetch(ScrapeConfig config, HttpClient client) {
    this.client = client;
    this.accept = config.exposition().accept();
    this.acceptEncoding = config.compression() ? "gzip" : "identity";
  }

  /** What came, besides the body. */
  record Fetched(@Nullable String contentType, boolean gzip) {}

  /**
   * Fetches {@code url} into {@code body} as it comes over the wire.
   *
   * @param limit bytes after which the connection is cut
   */
  Fetched fetch(URI url, Duration timeout, long limit, BodyBytes body)
      throws ScrapeFailure, InterruptedException {
    Map<String, String> headers =
        Map.of(
            "Accept",
            accept,
            "Accept-Encoding",
            acceptEncoding,
            "X-Prometheus-Scrape-Timeout-Seconds",
            seconds(timeout));
    body.clear();
    try (HttpAnswer answer = client.send(HttpCall.get(url, headers), Deadline.in(timeout))) {
      if (answer.status() != 200) {
        throw new ScrapeFailure("server returned HTTP status " + answer.status());
      }
      String given = answer.header("Content-Encoding");
      String encoding = given == null ? "identity" : given;
      boolean gzip = encoding.equalsIgnoreCase("gzip");
      if (!gzip && !encoding.equalsIgnoreCase("identity")) {
        throw new ScrapeFailure("the body's Content-Encoding '" + encoding + "' is not gzip");
      }
      read(answer, limit, body);
      return new Fetched(answer.header("Content-Type"), gzip);
    } catch (FetchFailure e) {
      throw new ScrapeFailure(String.valueOf(e.getMessage()), e);
    }
  }

  private static void read(HttpAnswer answer, long limit, BodyBytes body)
      throws FetchFailure, InterruptedException, ScrapeFailure {
    while (true) {
      body.ensure(8 << 10);
      int count = answer.read(body.bytes, body.length, body.bytes.length - body.length);
      if (count < 0) {
        return;
      }
      body.length += count;
      if (body.length > limit) {
        throw tooLarge(limit);
      }
    }
  }

  static ScrapeFailure tooLarge(long limit) {
    return new ScrapeFailure(TOO_LARGE + ": the body has more than " + limit + " bytes");
  }

  private static String seconds(Duration timeout) {
    double seconds = timeout.toMillis() / 1000.0;
    return seconds == Math.rint(seconds) ? Long.toString((long) seconds) : Double.toString(seconds);
  }

  @Override
  public void close() {
    client.close();
  }
}
