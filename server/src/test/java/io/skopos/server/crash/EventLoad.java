// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import io.skopos.testkit.process.PrometheusApi;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Events, some in a second. */
final class EventLoad implements CrashLoad {

  /** More are not listed by one request. */
  private static final int MAX_EVENTS = 950;

  private final List<String> acknowledged = new ArrayList<>();
  private int attempted;

  @Override
  public void step(PrometheusApi api) throws IOException, InterruptedException {
    if (attempted < MAX_EVENTS) {
      // Not repeated when its fate is unknown: that would be another event.
      String title = "number " + attempted++;
      PrometheusApi.Answer answer =
          api.post(
              "/api/v1/events",
              "application/json",
              ("{\"kind\":\"fault\",\"title\":\"" + title + "\"}")
                  .getBytes(StandardCharsets.UTF_8));
      if (Acknowledged.by(answer)) {
        acknowledged.add(title);
      }
    }
    TimeUnit.MILLISECONDS.sleep(50);
  }

  @Override
  public List<String> verify(PrometheusApi api) throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    String listed = api.get("/api/v1/events", "kind", "fault", "limit", "1000").body();
    for (String title : acknowledged) {
      int first = listed.indexOf("\"title\":\"" + title + "\"");
      if (first < 0) {
        faults.add("event '" + title + "' is lost");
      } else if (listed.indexOf("\"title\":\"" + title + "\"", first + 1) >= 0) {
        faults.add("event '" + title + "' is there twice");
      }
    }
    return faults;
  }
}
