// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.metrics.store.SampleBuffer;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * Counts by metric what is sent of a block, and asks the server afterwards how many samples it has
 * between the first and the last of them. Fewer is a problem; more is none, because others may have
 * written the same metric. Stale markers are no samples for the query language and are not counted.
 */
final class ImportVerification {

  /** Metrics of one block that are counted; further ones are not verified, which is said. */
  private static final int MAX_METRICS = 100_000;

  private static final JsonFactory JSON = new JsonFactory();

  private final ServerSession session;
  private final Problems problems;
  private final Map<String, Sent> byMetric = new HashMap<>();
  private boolean tooMany;

  private static final class Sent {
    long samples;
    long firstMs = Long.MAX_VALUE;
    long lastMs = Long.MIN_VALUE;
  }

  ImportVerification(ServerSession session, Problems problems) {
    this.session = session;
    this.problems = problems;
  }

  void begin() {
    byMetric.clear();
    tooMany = false;
  }

  void sent(Labels labels, SampleBuffer samples) {
    String metric = labels.getOrEmpty(Label.METRIC_NAME);
    Sent sent = byMetric.get(metric);
    if (sent == null) {
      if (byMetric.size() == MAX_METRICS) {
        tooMany = true;
        return;
      }
      sent = new Sent();
      byMetric.put(metric, sent);
    }
    for (int i = 0; i < samples.size; i++) {
      if (!StaleMarker.is(samples.values[i])) {
        sent.samples++;
        sent.firstMs = Math.min(sent.firstMs, samples.timesMs[i]);
        sent.lastMs = Math.max(sent.lastMs, samples.timesMs[i]);
      }
    }
  }

  /**
   * @param what the block, for messages
   */
  void check(String what) throws InterruptedException {
    if (tooMany) {
      problems.add(
          what + ": only the first " + MAX_METRICS + " metrics are verified, there are more");
    }
    for (Map.Entry<String, Sent> metric : byMetric.entrySet()) {
      Sent sent = metric.getValue();
      if (sent.samples == 0) {
        continue;
      }
      try {
        long found = count(metric.getKey(), sent);
        if (found < sent.samples) {
          problems.add(
              String.format(
                  Locale.ROOT,
                  "%s: %,d samples of %s were sent, the server has %,d",
                  what,
                  sent.samples,
                  metric.getKey(),
                  found));
        }
      } catch (IOException e) {
        problems.add(what + ": " + metric.getKey() + " is not verified: " + e.getMessage());
      }
    }
  }

  private long count(String metric, Sent sent) throws IOException, InterruptedException {
    String quoted = metric.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    // The window is open on its left.
    String query =
        "sum(count_over_time({__name__=\""
            + quoted
            + "\"}["
            + (sent.lastMs - sent.firstMs + 1)
            + "ms]))";
    String form =
        "query="
            + URLEncoder.encode(query, StandardCharsets.UTF_8)
            + "&time="
            + String.format(Locale.ROOT, "%.3f", sent.lastMs / 1000.0);
    HttpResponse<InputStream> response =
        session.send(
            "POST",
            "/api/v1/query",
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            form.getBytes(StandardCharsets.UTF_8));
    try (InputStream body = response.body();
        JsonParser json = JSON.createParser(body)) {
      long found = 0;
      String error = "HTTP " + response.statusCode();
      while (json.nextToken() != null) {
        if (json.currentToken() == JsonToken.FIELD_NAME && json.currentName().equals("value")) {
          json.nextToken();
          json.nextToken();
          json.nextToken();
          found = Math.round(Double.parseDouble(json.getText()));
        } else if (json.currentToken() == JsonToken.FIELD_NAME
            && json.currentName().equals("error")) {
          error = json.nextTextValue();
        }
      }
      if (response.statusCode() != 200) {
        throw new IOException(error);
      }
      return found;
    }
  }
}
