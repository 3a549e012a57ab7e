// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.Sharding;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LabelBlocksTest {

  private static final TenantId TENANT = new TenantId("acme");
  private static final Sharding SHARDING = new Sharding(4, 1, 2);

  private final LabelBlocks blocks = new LabelBlocks(1 << 20);

  /** Series of a target from one to before the other. */
  private static SampleBatch batch(int target, int from, int to) {
    SampleBatch batch = new SampleBatch();
    for (int i = from; i < to; i++) {
      batch.series(Labels.of("__name__", "m" + i, "instance", "" + target, "job", "j"));
      batch.sample(i, i);
    }
    return batch;
  }

  private static LabelBlock block(SampleBatch batch, int from, int to) {
    return new LabelBlock(batch, from, to, TENANT, SHARDING, 3, new byte[100]);
  }

  private @Nullable LabelBlock find(SampleBatch batch, int from) {
    return blocks.find(batch, from, TENANT, SHARDING);
  }

  @Test
  void aBlockIsFoundWhereAllItsSeriesFollow() {
    LabelBlock block = block(batch(1, 5, 25), 0, 20);
    blocks.add(block);
    assertThat(find(batch(1, 0, 40), 5)).isSameAs(block);
    assertThat(find(batch(1, 0, 40), 6)).isNull();
    assertThat(find(batch(1, 0, 24), 5)).as("one is missing").isNull();
    assertThat(find(batch(2, 0, 40), 5)).as("another target").isNull();
  }

  @Test
  void tenantsAndShardingsDoNotShare() {
    SampleBatch batch = batch(1, 0, 20);
    blocks.add(block(batch, 0, 20));
    assertThat(find(batch, 0)).isNotNull();
    assertThat(blocks.find(batch, 0, new TenantId("other"), SHARDING)).isNull();
    assertThat(blocks.find(batch, 0, TENANT, new Sharding(4, 1, 3))).isNull();
    assertThat(blocks.cameBefore(batch, 0, 20, TENANT)).isFalse();
    assertThat(blocks.cameBefore(batch, 0, 20, new TenantId("other"))).isFalse();
    assertThat(blocks.cameBefore(batch, 0, 20, new TenantId("other"))).isTrue();
  }

  @Test
  void aStretchComesBeforeWhenItCameJustSo() {
    assertThat(blocks.cameBefore(batch(1, 0, 20), 0, 20, TENANT)).isFalse();
    assertThat(blocks.cameBefore(batch(1, 0, 21), 0, 21, TENANT)).isFalse();
    assertThat(blocks.cameBefore(batch(1, 0, 20), 0, 20, TENANT)).isTrue();
    assertThat(blocks.cameBefore(batch(1, 0, 20), 0, 19, TENANT)).isFalse();
  }

  @Test
  void oneThatARequestCutShortTakesTheLongerOnesPlaceOnlyIfThatStaysAway() {
    LabelBlock whole = block(batch(1, 0, 20), 0, 20);
    LabelBlock cut = block(batch(1, 0, 12), 0, 12);
    blocks.add(whole);
    assertThat(find(batch(1, 0, 12), 0)).isNull();
    blocks.add(cut);
    assertThat(find(batch(1, 0, 20), 0)).isSameAs(whole);
    for (int i = 0; i < 5; i++) {
      assertThat(find(batch(1, 0, 12), 0)).isNull();
    }
    blocks.add(cut);
    assertThat(find(batch(1, 0, 20), 0)).isSameAs(cut);
  }

  @Test
  void memoryIsBoundedAndWhatIsFoundStays() {
    LabelBlock kept = block(batch(-1, 0, 20), 0, 20);
    blocks.add(kept);
    for (int target = 0; target < 20_000; target++) {
      blocks.add(block(batch(target, 0, 20), 0, 20));
      assertThat(find(batch(-1, 0, 20), 0)).as("target %d", target).isSameAs(kept);
      assertThat(blocks.bytes()).isBetween(1L, 1L << 20);
    }
    assertThat(blocks.bytes()).isGreaterThan(1 << 19);
    assertThat(blocks.made()).isEqualTo(20_001);
    assertThat(blocks.found()).isEqualTo(20_000);
  }
}
