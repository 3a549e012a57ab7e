// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import io.skopos.testkit.process.PrometheusApi;
import io.skopos.testkit.process.RemoteWriteRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Writes a series, deletes it, and writes every second one again at the same times: what was
 * deleted stays away, and what was written after the deletion stays.
 */
final class DeletionLoad implements CrashLoad {

  private final long startMs;

  /** Every series below was written, deleted, and written again where that was due. */
  private int done;

  DeletionLoad(long startMs) {
    this.startMs = startMs;
  }

  int done() {
    return done;
  }

  @Override
  public void step(PrometheusApi api) throws IOException, InterruptedException {
    if (!write(api, done, 1)) {
      return;
    }
    PrometheusApi.Answer deletion =
        api.post(
            "/api/v1/admin/tsdb/delete_series",
            "application/x-www-form-urlencoded",
            ("match%5B%5D=crash_doomed%7Bn%3D%22" + done + "%22%7D")
                .getBytes(StandardCharsets.UTF_8));
    // Repeated from the beginning when refused: another deletion does no harm.
    if (Acknowledged.by(deletion) && (!isWrittenAgain(done) || write(api, done, 2))) {
      done++;
    }
  }

  private static boolean isWrittenAgain(int n) {
    return n % 2 == 0;
  }

  /** Two samples, mostly of two days. */
  private boolean write(PrometheusApi api, int n, double value)
      throws IOException, InterruptedException {
    RemoteWriteRequest request = new RemoteWriteRequest();
    request.series(
        Map.of("__name__", "crash_doomed", "n", String.valueOf(n)),
        new long[] {startMs - 60_000L * n, startMs + 60_000L * (n + 1)},
        new double[] {value, value});
    return Acknowledged.by(api.write(request));
  }

  @Override
  public List<String> verify(PrometheusApi api) throws IOException, InterruptedException {
    List<String> faults = new ArrayList<>();
    Map<Integer, List<Map.Entry<Double, String>>> found = new HashMap<>();
    long reachMs = 60_000L * (done + 3);
    String selector = "crash_doomed[" + (2 * reachMs / 1000) + "s]";
    for (PrometheusApi.Series series : api.query(selector, (startMs + reachMs) / 1000.0)) {
      found.put(Integer.parseInt(String.valueOf(series.labels().get("n"))), series.points());
    }
    for (int n = 0; n < done; n++) {
      List<Map.Entry<Double, String>> points = found.getOrDefault(n, List.of());
      long written = points.stream().filter(point -> point.getValue().equals("2")).count();
      if (written != (isWrittenAgain(n) ? 2 : 0) || points.size() != written) {
        faults.add(
            (isWrittenAgain(n) ? "written again after a deletion: " : "deleted: ")
                + n
                + " has "
                + points);
      }
    }
    return faults;
  }
}
