// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import io.skopos.model.Matcher;
import io.skopos.storage.index.LabelIndex;
import io.skopos.storage.index.LabelPattern;
import io.skopos.storage.index.LabelSelection;
import it.unimi.dsi.fastutil.longs.LongArrayList;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.RoaringBitmap;
import org.roaringbitmap.RoaringBitmapWriter;

/**
 * Which series of a block carry which label value. Ordinals are the references of series, of which
 * not every number is one: {@link #select} leaves those out. Not thread-safe.
 */
final class BlockPostings implements LabelIndex {

  private final PositionalFile file;
  private final IndexHeader header;
  private final PostingsTable table;

  BlockPostings(PositionalFile file, IndexHeader header) {
    PostingsTable postings = header.postings();
    if (postings == null) {
      throw new IllegalArgumentException("the header was not read for lookups");
    }
    this.file = file;
    this.header = header;
    this.table = postings;
  }

  /** The references of the series that fit all matchers. */
  RoaringBitmap select(List<Matcher> matchers) throws IOException {
    RoaringBitmap selected = LabelSelection.select(this, matchers);
    if (!selected.isEmpty() && matchers.stream().allMatch(BlockPostings::fitsMissing)) {
      // Nothing was kept, only taken away from all numbers there are.
      selected.and(postings(table.all()));
    }
    return selected;
  }

  private static boolean fitsMissing(Matcher matcher) {
    return switch (matcher.type()) {
      case EQUAL -> matcher.value().isEmpty();
      case NOT_EQUAL -> !matcher.value().isEmpty();
      case REGEX -> LabelPattern.compile(matcher.value()).matchesEmpty();
      case NOT_REGEX -> !LabelPattern.compile(matcher.value()).matchesEmpty();
    };
  }

  @Override
  public int seriesCount() {
    return (int) Math.min(Integer.MAX_VALUE, header.seriesEnd() / header.unit() + 1);
  }

  @Override
  public RoaringBitmap postings(byte[] name, byte[] value) throws IOException {
    return postings(table.find(file, name, value));
  }

  @Override
  public RoaringBitmap postings(byte[] name) throws IOException {
    return union(name, null, true);
  }

  @Override
  public int valueCount(byte[] name) {
    return table.valueCount(name);
  }

  @Override
  public void names(Visitor visitor) throws IOException {
    for (byte[] name : table.names()) {
      if (!visitor.visit(name, name.length, 0, () -> postings(name))) {
        return;
      }
    }
  }

  @Override
  public void values(byte[] name, Visitor visitor) throws IOException {
    table.values(
        file, name, (value, at) -> visitor.visit(value, value.length, 0, () -> postings(at)));
  }

  @Override
  public RoaringBitmap matching(byte[] name, LabelPattern pattern, boolean accepted)
      throws IOException {
    List<byte[]> literals = accepted ? pattern.literals() : null;
    if (literals == null) {
      return union(name, pattern, accepted);
    }
    RoaringBitmap all = new RoaringBitmap();
    for (byte[] literal : literals) {
      all.or(postings(name, literal));
    }
    return all;
  }

  private RoaringBitmap union(byte[] name, @Nullable LabelPattern pattern, boolean accepted)
      throws IOException {
    // The places first: the values are read from front to back, and the postings after them.
    LongArrayList places = new LongArrayList();
    table.values(
        file,
        name,
        (value, at) -> {
          if (pattern == null || pattern.matches(value, 0, value.length) == accepted) {
            places.add(at);
          }
          return true;
        });
    RoaringBitmap all = new RoaringBitmap();
    if (!places.isEmpty()) {
      file.prefetch(
          places.getLong(0),
          Math.min(AHEAD, places.getLong(places.size() - 1) - places.getLong(0) + 1));
    }
    for (int i = 0; i < places.size(); i++) {
      all.or(postings(places.getLong(i)));
    }
    return all;
  }

  private static final long AHEAD = 32L << 20;

  /**
   * @param at 0 for none
   */
  private RoaringBitmap postings(long at) throws IOException {
    if (at == 0) {
      return new RoaringBitmap();
    }
    long length = file.u32(at) & 0xffff_ffffL;
    long count = file.u32(at + 4) & 0xffff_ffffL;
    if (length != 4 + 4 * count) {
      throw file.damaged(at, count + " postings in " + length + " bytes");
    }
    file.prefetch(at, length + 8);
    file.check(at + 4, length, "postings");
    RoaringBitmapWriter<RoaringBitmap> writer = RoaringBitmapWriter.writer().get();
    for (long i = 0; i < count; i++) {
      writer.add(file.u32(at + 8 + 4 * i));
    }
    return writer.get();
  }
}
