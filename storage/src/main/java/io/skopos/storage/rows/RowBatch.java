// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Batch;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import io.skopos.storage.bytes.ByteWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.function.ToLongBiFunction;

/** Rows of one schema on their way to the log. */
public final class RowBatch implements Batch {

  private final RowSchema schema;
  private final RowBlock block;
  private final ToLongBiFunction<RowBlock, Integer> shardKey;

  /**
   * @param shardKey a keyed hash of a row's shard key: what belongs to one stream, trace or source
   *     goes to one shard, and rows of equal identity do
   * @throws IllegalArgumentException when the block is larger than a frame may be, or a column's
   *     type is not the schema's
   */
  public RowBatch(RowSchema schema, RowBlock block, ToLongBiFunction<RowBlock, Integer> shardKey) {
    if (block.rows() > RowLimits.MAX_ROWS) {
      throw new IllegalArgumentException(
          block.rows() + " rows in one batch; the limit is " + RowLimits.MAX_ROWS);
    }
    if ((long) block.rows() * (block.columns().size() + 1) > RowLimits.MAX_CELLS) {
      throw new IllegalArgumentException(
          block.rows()
              + " rows of "
              + block.columns().size()
              + " different columns in one batch; the limit is "
              + RowLimits.MAX_CELLS
              + " values, absent ones counted");
    }
    block
        .columns()
        .forEach((name, column) -> {
          if (name.equals(RowSchema.TOMBSTONE) || !schema.allows(name, column.type())) {
            throw new IllegalArgumentException(
                "column '" + name + "' cannot hold " + column.type() + " in " + schema.signal());
          }
        });
    this.schema = schema;
    this.block = block;
    this.shardKey = shardKey;
  }

  @Override
  public Signal signal() {
    return schema.signal();
  }

  @Override
  public int rows() {
    return block.rows();
  }

  @Override
  public long minTimeMs() {
    return block.rows() == 0 ? Long.MAX_VALUE : schema.toMs(block.minTime());
  }

  @Override
  public long maxTimeMs() {
    return block.rows() == 0 ? Long.MIN_VALUE : schema.toMs(block.maxTime());
  }

  @Override
  public List<Frame> toFrames(TenantId tenant, Sharding sharding) {
    TreeMap<Integer, RowBlockBuilder> byShard = new TreeMap<>();
    for (int row = 0; row < block.rows(); row++) {
      int shard = sharding.shardOf(shardKey.applyAsLong(block, row));
      byShard.computeIfAbsent(shard, _ -> new RowBlockBuilder()).copy(block, row);
    }
    List<Frame> frames = new ArrayList<>();
    byShard.forEach((shard, rows) -> frames.add(frame(tenant, shard, rows.build())));
    return frames;
  }

  private Frame frame(TenantId tenant, int shard, RowBlock rows) {
    ByteWriter payload = new ByteWriter(1024);
    BlockCodec.encode(rows, payload);
    return new Frame(
        tenant,
        schema.signal(),
        Frame.Kind.ROWS,
        shard,
        rows.rows(),
        schema.toMs(rows.minTime()),
        schema.toMs(rows.maxTime()),
        payload.bytes,
        payload.size,
        rows);
  }
}
