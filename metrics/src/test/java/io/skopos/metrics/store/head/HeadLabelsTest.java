// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.head;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.memory.MemoryBudget;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HeadLabelsTest {

  private static final TenantId TENANT = new TenantId("acme");
  private static final UtcDay DAY = UtcDay.parse("1970-01-03");

  private final SlabPool pool = new SlabPool(new MemoryBudget(1L << 30));

  @Test
  void givesBackWhatWasAddedAndOrdersIt() {
    for (long seed = 1; seed <= 40; seed++) {
      Random random = new Random(seed);
      DayHead head = new DayHead(TENANT, DAY, 0, pool);
      List<Labels> added = new ArrayList<>(distinct(random, 1 + random.nextInt(400)));
      for (int i = 0; i < added.size(); i++) {
        assertThat(series(head, added.get(i))).as("seed %d", seed).isEqualTo(i);
      }
      LabelOrder order = new LabelOrder();
      for (int i = 0; i < added.size(); i++) {
        assertThat(series(head, added.get(i))).as("seed %d, again", seed).isEqualTo(i);
        assertThat((Object) head.labels(i)).as("seed %d", seed).isEqualTo(added.get(i));
        int other = random.nextInt(added.size());
        assertThat(Integer.signum(order.compare(head, i, head, other)))
            .as("seed %d: %s against %s", seed, added.get(i), added.get(other))
            .isEqualTo(Integer.signum(added.get(i).compareTo(added.get(other))));
      }
      head.release();
    }
    assertThat(pool.usedBytes()).isZero();
    assertThat(pool.heapBytes()).isZero();
  }

  @Test
  void ordersSeriesOfTwoHeads() {
    DayHead left = new DayHead(TENANT, DAY, 0, pool);
    DayHead right = new DayHead(TENANT, DAY, 1, pool);
    Random random = new Random(7);
    List<Labels> lefts = new ArrayList<>(distinct(random, 200));
    List<Labels> rights = new ArrayList<>(distinct(random, 200));
    rights.addAll(lefts.subList(0, 20));
    lefts.forEach(labels -> series(left, labels));
    rights.stream().distinct().forEach(labels -> series(right, labels));
    LabelOrder order = new LabelOrder();
    for (int i = 0; i < left.seriesCount(); i++) {
      for (int j = 0; j < right.seriesCount(); j++) {
        assertThat(Integer.signum(order.compare(left, i, right, j)))
            .isEqualTo(Integer.signum(left.labels(i).compareTo(right.labels(j))));
      }
    }
  }

  @Test
  void seriesOfOneTargetShareTheirBytes() {
    DayHead head = new DayHead(TENANT, DAY, 0, pool);
    long own = 0;
    for (int metric = 0; metric < 40; metric++) {
      for (int container = 0; container < 25; container++) {
        Map<String, String> labels = new TreeMap<>();
        labels.put("__name__", "container_metric_" + metric + "_total");
        labels.put("container", "c" + container);
        labels.put("id", "/kubepods/burstable/pod" + container * 7919 + "/0123456789abcdef");
        labels.put("image", "registry/of/the/company/image-" + container % 5 + ":1.2.3");
        labels.put("instance", "node-7.example:10250");
        labels.put("job", "kubelet");
        labels.put("namespace", "namespace-" + container % 3);
        labels.put("pod", "deployment-" + container + "-5d4f8c7b9-x2x" + container);
        Labels series = Labels.of(labels);
        own += series.canonicalBytes().length;
        series(head, series);
      }
    }
    head.endFrame(0, 0);
    long held = head.bytes() - head.heapBytes() - 1000L * SampleRun.RECORD_BYTES;
    // A third in most runs; targets whose hashes meet in the table, by a random key, cost more.
    assertThat(held).isLessThan(own * 2 / 3);
  }

  private static Set<Labels> distinct(Random random, int wanted) {
    Set<Labels> distinct = new LinkedHashSet<>();
    while (distinct.size() < wanted) {
      Map<String, String> labels = new TreeMap<>();
      int names = random.nextInt(6);
      for (int i = 0; i < names; i++) {
        String name = random.nextInt(8) == 0 ? "n".repeat(1 + random.nextInt(200)) : "name" + i;
        labels.put(name, value(random));
      }
      distinct.add(Labels.of(labels));
    }
    return distinct;
  }

  private static String value(Random random) {
    return switch (random.nextInt(40)) {
      case 0 -> "long".repeat(10 + random.nextInt(100));
      case 1 -> "longer".repeat(12_000 + random.nextInt(3));
      case 2 -> "\u0007\u0007value";
      default -> "common-beginning-" + random.nextInt(12) + "-common-end";
    };
  }

  private static int series(DayHead head, Labels labels) {
    byte[] bytes = labels.canonicalBytes();
    return head.series(
        bytes, 0, bytes.length, SampleBatch.SERIES_HASH.hash64(bytes, 0, bytes.length));
  }
}
