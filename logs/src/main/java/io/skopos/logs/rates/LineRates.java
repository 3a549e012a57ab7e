// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.rates;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.logs.LogsByTenant;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.EntryConsumer;
import io.skopos.logs.store.frame.FrameRows;
import io.skopos.logs.wire.Level;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.documents.Documents;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Counts tenants' lines and their bytes by level and some labels of their streams. A count is a
 * function of the log: what is stored says up to which position it counts, and a replay counts on
 * from there, so a crash neither loses a line nor counts it twice. Deletions do not lower it.
 *
 * <p>Life: given to the store before the log is replayed; {@link #begin} after that; then {@link
 * #read} from time to time.
 */
public final class LineRates implements EntryConsumer {

  private static final Logger LOG = LoggerFactory.getLogger(LineRates.class);

  /** A group without a line for as long is forgotten by the next flush. */
  static final Duration IDLE = Duration.ofHours(1);

  private final LogsByTenant settings;
  private final CountDocuments documents;
  private final InstantSource clock;
  private final ShardLines[] shards;
  private final Map<TenantId, TenantLines> tenants = new ConcurrentHashMap<>();
  private final Counter others;

  private volatile boolean begun;
  private volatile boolean storedIsDoubtful;

  public LineRates(
      LogsByTenant settings,
      Documents documents,
      int shardCount,
      InstantSource clock,
      PrometheusRegistry registry) {
    this.settings = settings;
    this.documents = new CountDocuments(documents);
    this.clock = clock;
    shards = new ShardLines[shardCount];
    Arrays.setAll(shards, _ -> new ShardLines());
    others =
        Counter.builder()
            .name("skopos_log_rates_overflowed_lines_total")
            .help("Lines beyond logs.rates.max_series, counted with (others) as labels' values.")
            .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_log_rates_counters")
        .help("Counters of lines, of all tenants.")
        .callback(gauge -> gauge.call(counters()))
        .register(registry);
  }

  private long counters() {
    return tenants.values().stream()
        .flatMap(tenant -> tenant.groups.values().stream())
        .mapToLong(group -> Integer.bitCount(group.levels))
        .sum();
  }

  // ---- shards' threads

  @Override
  public void applied(TenantId id, int shard, FrameRows rows, long position) {
    LogsConfig.Rates config = settings.of(id).rates();
    ShardLines counted = shards[shard];
    counted.lock.lock();
    try {
      counted.position = position;
      if (!config.enabled()) {
        return;
      }
      TenantLines tenant = tenants.computeIfAbsent(id, _ -> load(id, config));
      if (!begun && (tenant.ignoringReplay || position <= tenant.positions[shard])) {
        return;
      }
      long among = counted.count(tenant, rows, config.maxSeries(), clock.millis());
      if (among > 0) {
        others.inc(among);
      }
    } finally {
      counted.lock.unlock();
    }
  }

  private TenantLines load(TenantId id, LogsConfig.Rates config) {
    long now = clock.millis();
    long[] none = new long[shards.length];
    Arrays.fill(none, -1);
    StoredCounts stored = null;
    boolean unknown = false;
    try {
      stored = documents.load(id);
    } catch (IOException e) {
      LOG.warn("counters of lines of the tenant {} begin at zero", id, e);
      unknown = true;
    }
    if (stored == null
        || storedIsDoubtful
        || !stored.labels().equals(config.labels())
        || stored.positions().length != shards.length) {
      TenantLines tenant = new TenantLines(id, config.labels(), none, now);
      tenant.ignoringReplay = !begun && (stored != null || unknown);
      return tenant;
    }
    TenantLines tenant = new TenantLines(id, config.labels(), stored.positions(), now);
    stored.counts().forEach((group, counts) -> tenant.restore(group, counts, now));
    tenant
        .groups
        .values()
        .forEach(group -> {
          group.told = group.levels;
          group.toldLines = Tally.lines(group.stored);
        });
    tenant.documented = true;
    return tenant;
  }

  @Override
  public void freeze(int shard, long position) {
    ShardLines counted = shards[shard];
    counted.lock.lock();
    try {
      counted.freeze();
    } finally {
      counted.lock.unlock();
    }
  }

  // ---- the flush

  @Override
  public void flush(long[] positions) throws IOException {
    for (TenantLines tenant : tenants.values()) {
      tenant.lock.lock();
      try {
        if (begun || !tenant.ignoringReplay) {
          flush(tenant, positions);
        }
      } finally {
        tenant.lock.unlock();
      }
    }
  }

  private void flush(TenantLines tenant, long[] cut) throws IOException {
    Map<LineGroup, long[]> frozen = unstored(tenant, true);
    frozen.values().removeIf(sum -> Tally.lines(sum) == 0);
    Set<LineGroup> idle = idle(tenant, frozen);
    if (frozen.isEmpty() && idle.isEmpty()) {
      forgetEmpty(tenant);
      return;
    }
    Map<LineGroup, long[]> next = new HashMap<>();
    Map<Labels, long[]> counts = new LinkedHashMap<>();
    for (LineGroup group : tenant.groups.values()) {
      long[] sum = idle.contains(group) ? Tally.zeros() : group.stored.clone();
      long[] more = frozen.get(group);
      if (more != null) {
        Tally.add(more, sum);
      }
      next.put(group, sum);
      if (Tally.lines(sum) > 0) {
        counts.put(group.labels, sum);
      }
    }
    long[] until = tenant.positions.clone();
    for (int shard = 0; shard < until.length; shard++) {
      until[shard] = Math.max(until[shard], cut[shard]);
    }
    documents.store(tenant.id, new StoredCounts(tenant.labels, until, counts));
    lockShards();
    try {
      tenant.documented = true;
      tenant.positions = until;
      next.forEach((group, sum) -> group.stored = sum);
      for (ShardLines shard : shards) {
        shard.stored(tenant);
      }
      for (LineGroup group : idle) {
        drop(tenant, group);
      }
    } finally {
      unlockShards();
    }
  }

  /** What is stored of it says as much as it does. */
  private void forgetEmpty(TenantLines tenant) {
    if (!tenant.documented || !tenant.ended.isEmpty()) {
      return;
    }
    lockShards();
    try {
      if (tenant.groups.isEmpty()) {
        tenants.remove(tenant.id);
        for (ShardLines shard : shards) {
          shard.drop(tenant);
        }
      }
    } finally {
      unlockShards();
    }
  }

  /** Groups without a line for long. */
  private Set<LineGroup> idle(TenantLines tenant, Map<LineGroup, long[]> frozen) {
    Set<LineGroup> idle = new HashSet<>();
    if (begun) {
      long since = clock.millis() - IDLE.toMillis();
      for (LineGroup group : tenant.groups.values()) {
        if (group.changedMs <= since && !frozen.containsKey(group)) {
          idle.add(group);
        }
      }
    }
    return idle;
  }

  /** One that got lines again meanwhile stays, and counts these only. */
  private void drop(TenantLines tenant, LineGroup group) {
    for (ShardLines shard : shards) {
      if (shard.isActive(tenant, group)) {
        return;
      }
    }
    tenant.drop(group);
    for (ShardLines shard : shards) {
      shard.drop(tenant, group);
    }
  }

  // ---- whoever writes the counts

  /**
   * The log was replayed; every frame from now on is a new one.
   *
   * @param damaged whether frames were lost, so that counts may be less than they were: they begin
   *     at zero then, which rates are made for
   */
  public void begin(boolean damaged) {
    storedIsDoubtful = damaged;
    begun = true;
    for (TenantLines tenant : tenants.values()) {
      tenant.lock.lock();
      try {
        if (damaged || tenant.ignoringReplay) {
          reset(tenant, settings.of(tenant.id).rates().labels());
        } else {
          tenant.groups.values().forEach(group -> group.told = group.levels);
        }
      } finally {
        tenant.lock.unlock();
      }
    }
  }

  /** Begins at zero with the frames to come. */
  private void reset(TenantLines tenant, List<String> labels) {
    lockShards();
    try {
      long[] now = new long[shards.length];
      for (int shard = 0; shard < now.length; shard++) {
        now[shard] = shards[shard].position;
        shards[shard].drop(tenant);
      }
      tenant.clear(labels, clock.millis());
      tenant.positions = now;
      tenant.documented = false;
      tenant.ignoringReplay = false;
    } finally {
      unlockShards();
    }
  }

  /** Takes the counts of one tenant. */
  @FunctionalInterface
  public interface Reader {
    void counts(TenantId tenant, List<LineCount> counts);
  }

  /** Tells the counts of all tenants that have any. By one thread at a time. */
  public void read(Reader reader) {
    for (TenantLines tenant : tenants.values()) {
      LogsConfig.Rates config = settings.of(tenant.id).rates();
      List<LineCount> counts = new ArrayList<>();
      tenant.lock.lock();
      try {
        if (!config.enabled()) {
          continue;
        }
        if (!config.labels().equals(tenant.labels)) {
          reset(tenant, config.labels());
        }
        if (document(tenant)) {
          counts(tenant, counts);
        }
      } finally {
        tenant.lock.unlock();
      }
      if (!counts.isEmpty()) {
        reader.counts(tenant.id, counts);
      }
    }
  }

  /** No count is told before it is stored of what it counts. */
  private boolean document(TenantLines tenant) {
    if (tenant.documented) {
      return true;
    }
    Map<Labels, long[]> counts = new LinkedHashMap<>();
    for (LineGroup group : tenant.groups.values()) {
      if (Tally.lines(group.stored) > 0) {
        counts.put(group.labels, group.stored);
      }
    }
    try {
      documents.store(tenant.id, new StoredCounts(tenant.labels, tenant.positions, counts));
      tenant.documented = true;
    } catch (IOException e) {
      LOG.warn("counters of lines of the tenant {} are not written: {}", tenant.id, e.toString());
    }
    return tenant.documented;
  }

  private void counts(TenantLines tenant, List<LineCount> into) {
    Map<LineGroup, long[]> unstored = unstored(tenant, false);
    long now = clock.millis();
    for (LineGroup group : tenant.groups.values()) {
      long[] sum = group.stored.clone();
      long[] more = unstored.get(group);
      if (more != null) {
        Tally.add(more, sum);
      }
      long lines = Tally.lines(sum);
      if (lines != group.toldLines) {
        group.toldLines = lines;
        group.changedMs = now;
      }
      for (Level level : Level.values()) {
        int index = level.ordinal();
        if (sum[index] > 0) {
          boolean known = (group.told >> index & 1) != 0;
          group.told |= 1 << index;
          into.add(
              new LineCount(
                  group.labels,
                  level,
                  sum[index],
                  sum[Tally.LEVELS + index],
                  known ? LineCount.State.GOING_ON : LineCount.State.NEW));
        }
      }
    }
    // One that began again has not ended.
    tenant.ended.removeIf(ended ->
        tenant.groups.get(ended.labels()) instanceof LineGroup group
            && (group.told >> ended.level().ordinal() & 1) != 0);
    into.addAll(tenant.ended);
    tenant.ended.clear();
  }

  private Map<LineGroup, long[]> unstored(TenantLines tenant, boolean frozenOnly) {
    Map<LineGroup, long[]> sums = new HashMap<>();
    for (ShardLines shard : shards) {
      shard.lock.lock();
      try {
        shard.sum(tenant, frozenOnly, sums);
      } finally {
        shard.lock.unlock();
      }
    }
    return sums;
  }

  private void lockShards() {
    for (ShardLines shard : shards) {
      shard.lock.lock();
    }
  }

  private void unlockShards() {
    for (ShardLines shard : shards) {
      shard.lock.unlock();
    }
  }
}
