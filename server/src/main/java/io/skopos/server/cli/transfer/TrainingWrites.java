// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import io.skopos.metrics.store.SampleBuffer;
import io.skopos.model.Labels;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * What a few machines would remote-write in an hour, for the start-up cache to learn from: the JVM
 * then knows from the first request on how the way of a write behaves.
 */
public final class TrainingWrites {

  private static final int HOSTS = 4;
  private static final int SERIES_OF_A_HOST = 250;
  private static final int SCRAPES = 240;
  private static final long STEP_MS = 15_000;

  private TrainingWrites() {}

  public static void send(HttpClient client, String url) throws IOException, InterruptedException {
    List<Labels> series = new ArrayList<>();
    for (int host = 0; host < HOSTS; host++) {
      for (int i = 0; i < SERIES_OF_A_HOST; i++) {
        series.add(
            Labels.of(
                "__name__",
                "training_node_" + i % 25 + "_seconds_total",
                "cpu",
                Integer.toString(i / 25),
                "instance",
                "host-" + host + ".training.example:9100",
                "job",
                "training",
                "mode",
                i % 2 == 0 ? "idle" : "user"));
      }
    }
    Random random = new Random(1);
    double[] values = new double[series.size()];
    long end = System.currentTimeMillis();
    SampleBuffer one = new SampleBuffer();
    for (int scrape = 0; scrape < SCRAPES; scrape++) {
      WriteRequest request = new WriteRequest();
      for (int i = 0; i < values.length; i++) {
        values[i] += i % 3 == 0 ? random.nextInt(100) : random.nextInt(1000) / 100.0;
        one.clear();
        one.add(end - (SCRAPES - scrape) * STEP_MS, values[i]);
        request.add(series.get(i), one, 0, 1);
      }
      client.send(
          HttpRequest.newBuilder(URI.create(url))
              .header("Content-Encoding", "snappy")
              .header("Content-Type", "application/x-protobuf")
              .POST(HttpRequest.BodyPublishers.ofByteArray(request.toSnappy()))
              .build(),
          HttpResponse.BodyHandlers.discarding());
    }
  }
}
