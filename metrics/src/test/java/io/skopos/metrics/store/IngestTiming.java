// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.metrics.store.frame.FrameRows;
import io.skopos.metrics.store.head.DayHead;
import io.skopos.metrics.store.head.Heads;
import io.skopos.metrics.store.head.SlabPool;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import io.skopos.storage.memory.MemoryBudget;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;

/**
 * Not a test: times the steps from a decoded request to the head, one thread, requests of 2,000
 * series with one sample each. Run its {@code main} with the flags of the launcher; arguments:
 * hosts (200), ticks (40), shards (16).
 */
final class IngestTiming {

  private static final int SERIES_PER_HOST = 500;
  private static final int HOSTS_PER_REQUEST = 4;
  private static final long START = 1_700_000_000_000L;

  /** CPU time: other work on the machine does not count. */
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

  private IngestTiming() {}

  public static void main(String[] args) {
    int hosts = args.length > 0 ? Integer.parseInt(args[0]) : 200;
    int ticks = args.length > 1 ? Integer.parseInt(args[1]) : 40;
    Sharding sharding = new Sharding(args.length > 2 ? Integer.parseInt(args[2]) : 16, 1, 2);
    TenantId tenant = new TenantId("timing");
    Random random = new Random(1);
    List<byte[]> labels = labels(hosts);
    double[] values = new double[labels.size()];
    SlabPool pool = new SlabPool(new MemoryBudget(8L << 30));
    Heads heads = new Heads(sharding.shardCount(), pool);
    SampleBatch batch = new SampleBatch();
    int perRequest = SERIES_PER_HOST * HOSTS_PER_REQUEST;
    long position = 0;
    long payloads = 0;
    for (int tick = 0; tick < ticks; tick++) {
      long fill = 0;
      long encode = 0;
      long apply = 0;
      for (int from = 0; from < labels.size(); from += perRequest) {
        for (int i = from; i < from + perRequest; i++) {
          values[i] = next(i, values[i], random);
        }
        long begin = THREADS.getCurrentThreadCpuTime();
        batch.clear();
        for (int i = from; i < from + perRequest; i++) {
          batch.series(labels.get(i), 0, labels.get(i).length);
          batch.sample(START + tick * 15_000L + i / SERIES_PER_HOST, values[i]);
        }
        long filled = THREADS.getCurrentThreadCpuTime();
        List<Frame> frames = batch.toFrames(tenant, sharding);
        long encoded = THREADS.getCurrentThreadCpuTime();
        for (Frame frame : frames) {
          apply(heads, frame, batch, position++);
          payloads += frame.payloadLength();
        }
        long applied = THREADS.getCurrentThreadCpuTime();
        fill += filled - begin;
        encode += encoded - filled;
        apply += applied - encoded;
      }
      if (tick % 5 == 4 || tick == 0) {
        double rows = labels.size();
        System.out.printf(
            Locale.ROOT,
            "tick %d: fill and hash %.0f, frames %.0f, apply %.0f ns/sample; %.2f B/sample in"
                + " frames; %.0f B/series in heads%n",
            tick,
            fill / rows,
            encode / rows,
            apply / rows,
            payloads / rows / (tick + 1),
            heads.bytes() / rows);
      }
    }
  }

  private static void apply(Heads heads, Frame frame, SampleBatch batch, long position) {
    DayHead head = heads.active(frame.shard(), frame.tenant(), UtcDay.numberOf(frame.minTimeMs()));
    head.beginFrame(position);
    for (int series : ((FrameRows) Objects.requireNonNull(frame.decoded())).series()) {
      int start = batch.labelStart(series);
      int ordinal =
          head.series(
              batch.labelBytes(), start, batch.labelEnd(series) - start, batch.hash(series));
      for (int i = batch.sampleStart(series); i < batch.sampleEnd(series); i++) {
        head.append(ordinal, batch.timeMs(i), batch.value(i));
      }
    }
    head.endFrame(frame.minTimeMs(), frame.maxTimeMs());
  }

  private static List<byte[]> labels(int hosts) {
    List<byte[]> labels = new ArrayList<>();
    for (int host = 0; host < hosts; host++) {
      for (int i = 0; i < SERIES_PER_HOST; i++) {
        labels.add(
            Labels.of(
                    "__name__",
                    "node_subsystem_metric_" + i / 8 + "_seconds_total",
                    "cluster",
                    "production-eu-1",
                    "datacenter",
                    "eu-west-1a",
                    "device",
                    "nvme" + i % 8 + "n1",
                    "environment",
                    "production",
                    "instance",
                    "host-" + host + ".eu-west-1.example.com:9100",
                    "job",
                    "integrations/node_exporter",
                    "namespace",
                    "payments-and-checkout",
                    "pod",
                    "node-exporter-" + Integer.toHexString(host * 7919) + "-x7k2p",
                    "rack",
                    "rack-" + host % 40)
                .canonicalBytes());
      }
    }
    return labels;
  }

  private static double next(int series, double before, Random random) {
    return switch (series % 8) {
      case 0, 1, 2 -> before + random.nextInt(200);
      case 3, 4 -> Math.rint((before + random.nextInt(1500) / 100.0) * 100) / 100;
      case 5 -> random.nextInt(1_000_000) * 4096.0;
      case 6 -> 1;
      default -> random.nextInt(100);
    };
  }
}
