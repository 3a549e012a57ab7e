// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.TenantId;
import io.skopos.storage.RepeatedBytes;
import io.skopos.storage.Sharding;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;
import java.util.zip.CRC32C;

/**
 * Series of one shard that came one after the other more than once, as a scrape's do, and their
 * labels as a section of a frame. Known by the keyed hashes of all its series and a checksum over
 * their label bytes: the bytes themselves are not kept. Its identity is what heads remember the
 * series' ordinals by.
 */
public final class LabelBlock {

  private static final AtomicLong IDS = new AtomicLong();

  private final long id = IDS.incrementAndGet();
  private final TenantId tenant;
  private final Sharding sharding;
  private final int shard;
  private final long[] hashes;
  private final int labelBytes;
  private final int checksum;
  private final RepeatedBytes section;

  /** Found since the last look for something to drop. Races do no harm. */
  boolean used = true;

  /** How often in a row its first series came without the others. Races do no harm. */
  int missed;

  /**
   * @param section encoded, with what stands before it in the payload
   */
  LabelBlock(
      SampleBatch batch,
      int from,
      int to,
      TenantId tenant,
      Sharding sharding,
      int shard,
      byte[] section) {
    this.tenant = tenant;
    this.sharding = sharding;
    this.shard = shard;
    this.hashes = batch.hashes(from, to);
    this.labelBytes = batch.labelEnd(to - 1) - batch.labelStart(from);
    this.checksum = checksum(batch, from, to);
    this.section = new RepeatedBytes(section);
  }

  static int checksum(SampleBatch batch, int from, int to) {
    CRC32C crc = new CRC32C();
    int start = batch.labelStart(from);
    crc.update(batch.labelBytes(), start, batch.labelEnd(to - 1) - start);
    return (int) crc.getValue();
  }

  /** Unlike that of any other block of this process. */
  public long id() {
    return id;
  }

  public int size() {
    return hashes.length;
  }

  int shard() {
    return shard;
  }

  long firstHash() {
    return hashes[0];
  }

  RepeatedBytes section() {
    return section;
  }

  /** Whether the batch's series from here on are these. */
  boolean isAt(SampleBatch batch, int from, TenantId ofTenant, Sharding by) {
    int to = from + hashes.length;
    return to <= batch.seriesCount()
        && batch.haveHashes(from, hashes)
        && batch.labelEnd(to - 1) - batch.labelStart(from) == labelBytes
        && tenant.equals(ofTenant)
        && sharding.equals(by)
        && checksum(batch, from, to) == checksum;
  }

  /** Whether it has all series of the other, in their places. */
  boolean beginsWith(LabelBlock other) {
    int length = other.hashes.length;
    return hashes.length >= length && Arrays.equals(hashes, 0, length, other.hashes, 0, length);
  }

  /** About what it holds in memory, its section's compressed form included. */
  long heapBytes() {
    return 240 + 8L * hashes.length + section.length() * 3L / 2;
  }
}
