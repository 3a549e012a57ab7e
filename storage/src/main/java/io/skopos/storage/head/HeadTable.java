// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.head;

import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;
import io.skopos.storage.SignalStore.PartPublisher;
import io.skopos.storage.manifest.PartEntry;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All heads of a signal in the process: which one each shard writes to, which ones are frozen and
 * wait for a flush, and what a query of a tenant has to look at. A head that is frozen gets no more
 * rows; it is dropped when its rows are in a published part. A tenant without heads costs nothing
 * here.
 */
public class HeadTable<H extends Head> {

  /** From as many tenants on, their parts are written by several threads. */
  private static final int MANY_TENANTS = 64;

  private static final int FLUSH_THREADS = 16;

  /** Of a flush that failed, told one by one. */
  private static final int MAX_FAILURES = 10;

  /** A tenant's day; ordered by tenant, then day. */
  public record TenantDay(TenantId tenant, UtcDay day) implements Comparable<TenantDay> {
    @Override
    public int compareTo(TenantDay other) {
      int order = tenant.compareTo(other.tenant);
      return order != 0 ? order : day.compareTo(other.day);
    }
  }

  /** Makes an empty head. */
  @FunctionalInterface
  public interface Factory<H> {
    H create(TenantId tenant, UtcDay day, int shard);
  }

  /** Makes parts of heads; for different tenants by several threads at a time. */
  @FunctionalInterface
  public interface DayWriter<H> {

    /**
     * @param latest whether it is the last of the tenant's days that are written
     * @return null when nothing was left to write
     */
    @Nullable PartEntry write(TenantDay day, List<H> heads, boolean latest) throws IOException;

    /** The tenant's days have been written, or could not be. */
    default void ended(TenantId tenant) {}
  }

  /** A shard's writer's own view. */
  private static final class Shard<H> {
    final Map<TenantDay, H> active = new HashMap<>();
    @Nullable H latest;
  }

  private record Frozen<H>(H head, long position) {}

  private final Factory<H> factory;
  private final List<Shard<H>> shards;

  /** Heads by age, so that of equal rows the later head's win; the lists are never changed. */
  private final ConcurrentHashMap<TenantId, List<H>> byTenant = new ConcurrentHashMap<>();

  private final List<Frozen<H>> frozen = new ArrayList<>();

  protected HeadTable(int shardCount, Factory<H> factory) {
    this.factory = factory;
    this.shards = Stream.generate(Shard<H>::new).limit(shardCount).toList();
  }

  // ---- a shard's thread

  /** The head the shard writes this day's rows to; created when there is none. */
  public final H active(int shard, TenantId tenant, int dayNumber) {
    Shard<H> own = shards.get(shard);
    H latest = own.latest;
    if (latest != null && latest.day().number() == dayNumber && latest.tenant().equals(tenant)) {
      return latest;
    }
    TenantDay key = new TenantDay(tenant, new UtcDay(dayNumber));
    H head = own.active.get(key);
    if (head == null) {
      head = factory.create(tenant, key.day(), shard);
      own.active.put(key, head);
      register(head);
    }
    own.latest = head;
    return head;
  }

  private void register(H head) {
    byTenant.merge(
        head.tenant(),
        List.of(head),
        (now, added) -> Stream.concat(now.stream(), added.stream()).toList());
  }

  public final void delete(int shard, TenantId tenant, Deletion deletion) {
    for (H head : heads(tenant)) {
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

  public final void freeze(int shard, long position) {
    Shard<H> own = shards.get(shard);
    synchronized (frozen) {
      for (H head : own.active.values()) {
        frozen.add(new Frozen<>(head, position));
      }
    }
    own.active.clear();
    own.latest = null;
  }

  // ---- the flush

  /**
   * Writes and publishes what is frozen at no later positions. One day that cannot be written does
   * not keep the others in memory.
   */
  public final void flush(long[] positions, PartPublisher publisher, DayWriter<H> writer)
      throws IOException {
    Map<TenantId, Map<TenantDay, List<H>>> byTenantAndDay = new LinkedHashMap<>();
    frozen(positions)
        .forEach((day, group) ->
            byTenantAndDay
                .computeIfAbsent(day.tenant(), _ -> new LinkedHashMap<>())
                .put(day, group));
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>(0));
    if (byTenantAndDay.size() < MANY_TENANTS) {
      byTenantAndDay.forEach((tenant, days) -> flush(tenant, days, publisher, writer, failures));
    } else {
      // Each waits for the disk most of the time, and a disk syncs many at once nearly as fast as
      // one.
      try (ExecutorService writers =
          Executors.newFixedThreadPool(
              FLUSH_THREADS, Thread.ofPlatform().daemon().name("skopos-flush-", 0).factory())) {
        byTenantAndDay.forEach((tenant, days) ->
            writers.execute(() -> flush(tenant, days, publisher, writer, failures)));
      }
    }
    if (!failures.isEmpty()) {
      IOException failure =
          new IOException(
              "some days could not be flushed: " + failures.getFirst().getMessage(),
              failures.getFirst());
      failures.stream().skip(1).limit(MAX_FAILURES).forEach(failure::addSuppressed);
      throw failure;
    }
  }

  /** The days of one tenant. */
  private void flush(
      TenantId tenant,
      Map<TenantDay, List<H>> days,
      PartPublisher publisher,
      DayWriter<H> writer,
      List<Throwable> failures) {
    int left = days.size();
    for (Map.Entry<TenantDay, List<H>> entry : days.entrySet()) {
      TenantDay day = entry.getKey();
      List<H> group = entry.getValue();
      left--;
      try {
        publisher.publish(tenant, day.day(), writer.write(day, group, left == 0));
        drop(group);
      } catch (IOException | RuntimeException e) {
        failures.add(e);
      }
    }
    writer.ended(tenant);
  }

  /** What is frozen at no later positions, by tenant and day, older heads first. */
  private TreeMap<TenantDay, List<H>> frozen(long[] positions) {
    TreeMap<TenantDay, List<H>> groups = new TreeMap<>();
    synchronized (frozen) {
      for (Frozen<H> one : frozen) {
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
  private void drop(List<H> published) {
    synchronized (frozen) {
      frozen.removeIf(one -> published.contains(one.head));
    }
    for (H head : published) {
      byTenant.computeIfPresent(head.tenant(), (_, now) -> without(now, head));
      head.release();
    }
  }

  @SuppressWarnings("ReferenceEquality") // heads are told apart by what they are
  private static <H> @Nullable List<H> without(List<H> now, H head) {
    List<H> rest = now.stream().filter(one -> one != head).toList();
    return rest.isEmpty() ? null : rest;
  }

  // ---- any thread

  /** Older heads first; not retained. */
  public final List<H> heads(TenantId tenant) {
    return byTenant.getOrDefault(tenant, List.of());
  }

  /**
   * The tenant's heads that are wanted, older ones first; the caller releases each. To miss
   * nothing, take heads first and manifests then: what is no longer here is published.
   */
  protected final List<H> retain(TenantId tenant, Predicate<H> wanted) {
    List<H> retained = new ArrayList<>();
    for (H head : heads(tenant)) {
      if (wanted.test(head) && head.tryRetain()) {
        retained.add(head);
      }
    }
    return retained;
  }

  public final Set<TenantId> tenants() {
    return Set.copyOf(byTenant.keySet());
  }

  public final int count() {
    return (int) all().count();
  }

  /** Of all tenants; not retained. */
  protected final Stream<H> all() {
    return byTenant.values().stream().flatMap(List::stream);
  }
}
