// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.model.TimeRange;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * Finds out cheaply where a server has no series, so that years without samples are not asked for
 * window by window: a month at a time, then the days of a month that has some.
 */
final class EmptyTimes {

  private static final long[] SPANS_MS = {30 * 86_400_000L, 86_400_000L};

  private final ServerSession session;
  private final String selector;

  /** Of each length the span asked for last, and whether it was empty. */
  private final long[] asked = {Long.MIN_VALUE, Long.MIN_VALUE};

  private final boolean[] wasEmpty = {false, false};

  EmptyTimes(ServerSession session, String selector) {
    this.session = session;
    this.selector = selector;
  }

  /** Whether the whole window lies in a span without series. */
  boolean covers(TimeRange window) throws IOException, InterruptedException {
    for (int i = 0; i < SPANS_MS.length; i++) {
      long number = Math.floorDiv(window.fromMs(), SPANS_MS[i]);
      if (number != Math.floorDiv(window.toMs(), SPANS_MS[i])) {
        continue;
      }
      if (asked[i] != number) {
        asked[i] = number;
        wasEmpty[i] = isEmpty(number * SPANS_MS[i], (number + 1) * SPANS_MS[i] - 1);
      }
      if (wasEmpty[i]) {
        return true;
      }
    }
    return false;
  }

  private boolean isEmpty(long fromMs, long toMs) throws IOException, InterruptedException {
    String form =
        "limit=1&match[]="
            + URLEncoder.encode(selector, StandardCharsets.UTF_8)
            + String.format(Locale.ROOT, "&start=%.3f&end=%.3f", fromMs / 1000.0, toMs / 1000.0);
    HttpResponse<InputStream> response =
        session.send(
            "POST",
            "/api/v1/series",
            Map.of("Content-Type", "application/x-www-form-urlencoded"),
            form.getBytes(StandardCharsets.UTF_8));
    try (InputStream body = response.body()) {
      // When in doubt the windows are asked for, and say what is wrong.
      return response.statusCode() == 200
          && new String(body.readNBytes(4096), StandardCharsets.UTF_8).contains("\"data\":[]");
    }
  }
}
