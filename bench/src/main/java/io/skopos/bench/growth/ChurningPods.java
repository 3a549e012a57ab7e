// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.bench.growth;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Series of pods, 50 each, of which a share is replaced every hour by pods of other names. The same
 * arguments always give the same series and values. As remote write 1.0 has them: labels ready
 * encoded, and a value for each time.
 */
final class ChurningPods {

  static final int SERIES_PER_POD = 50;

  private final int pods;
  private final double churn;
  private final int[] generations;
  private final byte[][] labels;

  ChurningPods(int series, double churn) {
    this.pods = series / SERIES_PER_POD;
    this.churn = churn;
    this.generations = new int[pods];
    this.labels = new byte[pods * SERIES_PER_POD][];
    for (int pod = 0; pod < pods; pod++) {
      name(pod);
    }
  }

  int series() {
    return labels.length;
  }

  /**
   * Replaces the hour's share of the pods.
   *
   * @return how many series are new
   */
  int nextHour(int hour) {
    int replaced = (int) (pods * churn);
    for (int i = 0; i < replaced; i++) {
      int pod = (int) ((hour * (long) replaced + i) % pods);
      generations[pod]++;
      name(pod);
    }
    return replaced * SERIES_PER_POD;
  }

  /** The series' {@code Label} fields of a {@code TimeSeries}, with their tags. */
  byte[] labels(int series) {
    return labels[series];
  }

  /** Half counters that grow by a step of their own, half gauges that move a little. */
  double value(int series, long tick) {
    long mixed = (series * 0x9e3779b97f4a7c15L ^ tick * 0xc2b2ae3d27d4eb4fL) >>> 40;
    return series % 2 == 0
        ? (double) tick * (1 + series % 97) + (mixed & 7)
        : (500 + series % 300 + mixed % 40) / 10.0;
  }

  private void name(int pod) {
    String suffix = Integer.toHexString((pod * 31 + generations[pod]) * 0x9e3779b9);
    String podName = "deployment-" + pod / 10 + "-" + suffix + "-" + generations[pod];
    String id = "/kubepods/burstable/pod" + suffix + "/" + suffix.repeat(4);
    for (int i = 0; i < SERIES_PER_POD; i++) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      label(out, "__name__", "container_metric_" + i + "_total");
      label(out, "container", "container-" + i % 2);
      label(out, "id", id);
      label(out, "image", "registry.example/team/service-" + pod / 10 + ":1." + pod % 7);
      label(out, "instance", "node-" + pod % 40 + ".example:10250");
      label(out, "job", "kubelet");
      label(out, "namespace", "namespace-" + pod / 100);
      label(out, "pod", podName);
      labels[pod * SERIES_PER_POD + i] = out.toByteArray();
    }
  }

  private static void label(ByteArrayOutputStream out, String name, String value) {
    byte[] nameBytes = name.getBytes(StandardCharsets.UTF_8);
    byte[] valueBytes = value.getBytes(StandardCharsets.UTF_8);
    out.write(0x0a);
    out.write(4 + nameBytes.length + valueBytes.length); // all are shorter than 128 bytes
    out.write(0x0a);
    out.write(nameBytes.length);
    out.writeBytes(nameBytes);
    out.write(0x12);
    out.write(valueBytes.length);
    out.writeBytes(valueBytes);
  }
}
