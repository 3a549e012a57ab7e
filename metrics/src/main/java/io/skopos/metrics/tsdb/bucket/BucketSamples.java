// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import io.skopos.engine.QueryBudget;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleSource;
import io.skopos.metrics.tsdb.block.BlockLookup;
import io.skopos.metrics.tsdb.block.DamagedBlock;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.storage.blocks.SideBySide;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * The blocks of a bucket as questions see them. Blocks are opened side by side. Names and values of
 * labels without a selector are those of all blocks that touch the range. Thread-safe.
 */
public final class BucketSamples implements SampleSource {

  private static final int AT_ONCE = 8;

  private final BlockListing listing;
  private final IndexHeaders headers;

  /**
   * @param headerBytes most heap for the heads of indexes
   */
  public BucketSamples(BlockListing listing, long headerBytes) {
    this.listing = listing;
    this.headers = new IndexHeaders(headerBytes);
  }

  /** Whether an answer could have anything of it, a warning included. */
  boolean isConcerned(TenantId tenant, TimeRange range) {
    return !listing.warnings().isEmpty() || !listing.overlapping(tenant, range).isEmpty();
  }

  @Override
  public Selection select(
      TenantId tenant, List<Matcher> matchers, TimeRange range, QueryBudget budget) {
    Set<String> warnings = new ConcurrentSkipListSet<>(listing.warnings());
    List<BlockSource> sources =
        eachBlock(
            tenant,
            range,
            warnings,
            (block, damaged) ->
                BlockSource.open(
                    block, headers.of(block), matchers, range, listing.dropped(), budget, damaged));
    boolean whole = false;
    try {
      BlocksSelection selection = new BlocksSelection(sources, warnings, range, budget);
      whole = true;
      return selection;
    } finally {
      if (!whole) {
        close(sources);
      }
    }
  }

  private static void close(List<BlockSource> sources) {
    for (BlockSource source : sources) {
      try {
        source.close();
      } catch (IOException e) {
        // Nothing is held that a failure to let go of could lose.
      }
    }
  }

  /** What is done with a block. */
  private interface BlockWork<T> {
    T run(KnownBlock block, Consumer<DamagedBlock> damaged) throws IOException;
  }

  /**
   * Of the blocks that can be read, by time.
   *
   * @param warnings gets one for each of the others
   */
  private <T> List<T> eachBlock(
      TenantId tenant, TimeRange range, Set<String> warnings, BlockWork<T> what) {
    List<KnownBlock> blocks = listing.overlapping(tenant, range);
    List<Callable<T>> work = new ArrayList<>(blocks.size());
    for (KnownBlock block : blocks) {
      work.add(() -> what.run(block, problem -> warnings.add(warning(block, problem))));
    }
    List<T> done = new ArrayList<>(blocks.size());
    RuntimeException aborted = null;
    List<Future<T>> results = SideBySide.run(work, AT_ONCE);
    for (int i = 0; i < results.size(); i++) {
      try {
        done.add(SideBySide.resultOf(results.get(i)));
      } catch (IOException e) {
        warnings.add(warning(blocks.get(i), e));
      } catch (RuntimeException e) {
        aborted = e;
      }
    }
    if (aborted != null) {
      for (T one : done) {
        if (one instanceof BlockSource source) {
          close(List.of(source));
        }
      }
      throw aborted;
    }
    return done;
  }

  static String warning(KnownBlock block, IOException e) {
    return "some samples from "
        + Instant.ofEpochMilli(block.meta().minTimeMs())
        + " to "
        + Instant.ofEpochMilli(block.meta().maxTimeMs())
        + " could not be read from block "
        + block.files().name()
        + ": "
        + e.getMessage();
  }

  @Override
  public List<Labels> series(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    TreeSet<Labels> found = new TreeSet<>();
    for (List<Matcher> matchers : orAll(selectors)) {
      try (Selection selection = select(tenant, matchers, range, budget)) {
        for (int i = 0; i < selection.size(); i++) {
          found.add(selection.labels(i));
        }
        budget.warn(selection.warnings());
      }
    }
    return UnitedSamples.first(found, limit);
  }

  private static List<List<Matcher>> orAll(List<List<Matcher>> selectors) {
    return selectors.isEmpty() ? List.of(List.of()) : selectors;
  }

  private static boolean isAll(List<List<Matcher>> selectors) {
    return selectors.isEmpty() || selectors.stream().anyMatch(List::isEmpty);
  }

  @Override
  public List<String> labelNames(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    Set<String> names = new HashSet<>();
    if (isAll(selectors)) {
      ofAll(
          tenant,
          range,
          budget,
          (block, lookup) -> {
            Set<String> own = new HashSet<>(lookup.names());
            own.removeAll(listing.dropped());
            own.addAll(block.added().keySet());
            return own;
          },
          names);
    } else {
      for (Labels labels : series(tenant, selectors, range, 0, budget)) {
        for (Label label : labels) {
          names.add(label.name());
        }
      }
    }
    return UnitedSamples.firstTexts(names, limit);
  }

  @Override
  public List<String> labelValues(
      TenantId tenant,
      String name,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    Set<String> values = new HashSet<>();
    if (listing.dropped().contains(name)) {
      return List.of();
    }
    if (isAll(selectors)) {
      ofAll(
          tenant,
          range,
          budget,
          (block, lookup) -> {
            Set<String> own = new HashSet<>(lookup.values(name));
            String added = block.added().get(name);
            if (added != null) {
              own.add(added);
            }
            return own;
          },
          values);
    } else {
      for (Labels labels : series(tenant, selectors, range, 0, budget)) {
        String value = labels.get(name);
        if (value != null) {
          values.add(value);
        }
      }
    }
    return UnitedSamples.firstTexts(values, limit);
  }

  /** Reads texts of a block. */
  private interface Texts {
    Set<String> of(KnownBlock block, BlockLookup lookup) throws IOException;
  }

  private void ofAll(
      TenantId tenant, TimeRange range, QueryBudget budget, Texts texts, Set<String> into) {
    Set<String> warnings = new ConcurrentSkipListSet<>(listing.warnings());
    for (Set<String> own :
        eachBlock(
            tenant,
            range,
            warnings,
            (block, _) -> {
              budget.checkRunning();
              try (BlockLookup lookup =
                  BlockLookup.open(block.files(), block.meta(), headers.of(block))) {
                Set<String> found = texts.of(block, lookup);
                budget.addBytes(found.stream().mapToLong(text -> 2L * text.length() + 48).sum());
                return found;
              }
            })) {
      into.addAll(own);
    }
    budget.warn(List.copyOf(warnings));
  }

  /** Blocks have none. */
  @Override
  public List<SeriesExemplars> exemplars(
      TenantId tenant,
      List<List<Matcher>> selectors,
      TimeRange range,
      int limit,
      QueryBudget budget) {
    return List.of();
  }

  /** Blocks have none. */
  @Override
  public Map<String, List<MetricMetadata>> metadata(
      TenantId tenant, String metric, int limit, int limitPerMetric) {
    return Map.of();
  }

  /** Is told of the store only. */
  @Override
  public Cardinality cardinality(TenantId tenant, int limit) {
    return new Cardinality(
        0,
        0,
        0,
        Long.MAX_VALUE,
        Long.MIN_VALUE,
        Collections.emptyList(),
        Collections.emptyList(),
        Collections.emptyList(),
        Collections.emptyList());
  }
}
