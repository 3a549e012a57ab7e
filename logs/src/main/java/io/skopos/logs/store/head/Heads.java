// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.head;

import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * All heads of the process: which one each shard writes to, which ones are frozen and wait for a
 * flush, and what a query of a tenant has to look at. A head that is frozen gets no more samples;
 * it is dropped when its rows are in a published part. A tenant without heads costs nothing here.
 */
public final class Heads {

  /** A tenant's day; ordered by tenant, then day. */
  public record TenantDay(TenantId tenant, UtcDay day) implements Comparable<TenantDay> {
    @Override
    public int compareTo(TenantDay other) {
      int order = tenant.compareTo(other.tenant);
      return order != 0 ? order : day.compareTo(other.day);
    }
  }

  /** A shard's writer's own view. */
  private static final class Shard {
    final Map<TenantDay, DayHead> active = new HashMap<>();
    @Nullable DayHead latest;
  }

  private record Frozen(DayHead head, long position) {}

  private final HeadMemory memory;
  private final Shard[] shards;

  /** Heads by age, so that of equal rows the later head's win. */
  private final ConcurrentHashMap<TenantId, DayHead[]> byTenant = new ConcurrentHashMap<>();

  private final List<Frozen> frozen = new ArrayList<>();

  public Heads(int shardCount, HeadMemory memory) {
    this.memory = memory;
    this.shards = new Shard[shardCount];
    Arrays.setAll(shards, i -> new Shard());
  }

  // ---- a shard's thread

  /** The head the shard writes this day's rows to; created when there is none. */
  public DayHead active(int shard, TenantId tenant, int dayNumber) {
    Shard own = shards[shard];
    DayHead latest = own.latest;
    if (latest != null && latest.day().number() == dayNumber && latest.tenant().equals(tenant)) {
      return latest;
    }
    TenantDay key = new TenantDay(tenant, new UtcDay(dayNumber));
    DayHead head = own.active.get(key);
    if (head == null) {
      head = new DayHead(tenant, key.day(), shard, memory);
      own.active.put(key, head);
      register(head);
    }
    own.latest = head;
    return head;
  }

  private void register(DayHead head) {
    byTenant.merge(
        head.tenant(),
        new DayHead[] {head},
        (now, added) -> {
          DayHead[] grown = Arrays.copyOf(now, now.length + 1);
          grown[now.length] = head;
          return grown;
        });
  }

  public void delete(int shard, TenantId tenant, Deletion deletion) {
    for (DayHead head : heads(tenant)) {
      // The flush may drop a frozen head meanwhile; the part's manifest then knows the deletion.
      if (head.shard() == shard && head.tryRetain()) {
        try {
          head.delete(deletion);
        } finally {
          head.release();
        }
      }
    }
  }

  public void freeze(int shard, long position) {
    Shard own = shards[shard];
    synchronized (frozen) {
      for (DayHead head : own.active.values()) {
        frozen.add(new Frozen(head, position));
      }
    }
    own.active.clear();
    own.latest = null;
  }

  // ---- the flush

  /** What is frozen at no later positions, by tenant and day, older heads first. */
  public TreeMap<TenantDay, List<DayHead>> frozen(long[] positions) {
    TreeMap<TenantDay, List<DayHead>> groups = new TreeMap<>();
    synchronized (frozen) {
      for (Frozen one : frozen) {
        if (one.position <= positions[one.head.shard()]) {
          groups
              .computeIfAbsent(
                  new TenantDay(one.head.tenant(), one.head.day()), key -> new ArrayList<>())
              .add(one.head);
        }
      }
    }
    return groups;
  }

  /** Forgets heads whose rows are published; their memory is freed after the last reader. */
  public void drop(List<DayHead> published) {
    synchronized (frozen) {
      frozen.removeIf(one -> published.contains(one.head));
    }
    for (DayHead head : published) {
      byTenant.computeIfPresent(head.tenant(), (tenant, now) -> without(now, head));
      head.release();
    }
  }

  private static DayHead @Nullable [] without(DayHead[] now, DayHead head) {
    DayHead[] rest = Arrays.stream(now).filter(one -> one != head).toArray(DayHead[]::new);
    return rest.length == 0 ? null : rest;
  }

  // ---- any thread

  /** Older heads first; not retained. */
  public DayHead[] heads(TenantId tenant) {
    return byTenant.getOrDefault(tenant, new DayHead[0]);
  }

  /**
   * The tenant's heads whose rows overlap the range, older ones first; the caller releases each. To
   * miss nothing, take heads first and manifests then: what is no longer here is published.
   */
  public List<DayHead> retain(TenantId tenant, long fromNs, long toNs) {
    List<DayHead> retained = new ArrayList<>();
    for (DayHead head : heads(tenant)) {
      // Of an empty head the least time is the greatest there is.
      if (head.minTimeNs() <= toNs && head.maxTimeNs() >= fromNs && head.tryRetain()) {
        retained.add(head);
      }
    }
    return retained;
  }

  public Set<TenantId> tenants() {
    return Set.copyOf(byTenant.keySet());
  }

  public int count() {
    int count = 0;
    for (DayHead[] heads : byTenant.values()) {
      count += heads.length;
    }
    return count;
  }

  public long streamCount() {
    long count = 0;
    for (DayHead[] heads : byTenant.values()) {
      for (DayHead head : heads) {
        count += head.streamCount();
      }
    }
    return count;
  }

  /** On the heap and off it. */
  public long bytes() {
    return memory.bytes();
  }
}
