// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.memory.MemoryBudget;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All manifests in memory, encoded: one sorted array of days per tenant and signal, so that ten
 * thousand idle tenants with months of days fit. Decoding one takes about a microsecond.
 * Thread-safe; readers take no lock.
 */
final class ManifestTable {

  private static final String OWNER = "manifests";

  /** Array headers and references of a day; map entry, tenant and arrays of a tenant. */
  private static final int DAY_OVERHEAD = 32;

  private static final int TENANT_OVERHEAD = 192;

  private final MemoryBudget budget;
  private final Map<Signal, ConcurrentHashMap<TenantId, Days>> tenants =
      new EnumMap<>(Signal.class);
  private final AtomicLong count = new AtomicLong();

  ManifestTable(MemoryBudget budget) {
    this.budget = budget;
    for (Signal signal : Signal.values()) {
      tenants.put(signal, new ConcurrentHashMap<>());
    }
  }

  void put(Manifest manifest) {
    byte[] state = ManifestFormat.encodeState(manifest);
    days(manifest.signal())
        .compute(
            manifest.tenant(),
            (tenant, days) -> {
              Days present = days == null ? Days.NONE : days;
              budget.reserve(OWNER, days == null ? TENANT_OVERHEAD : 0);
              return present.with(manifest.day().number(), state, this::account);
            });
  }

  void remove(TenantId tenant, Signal signal, UtcDay day) {
    days(signal)
        .computeIfPresent(
            tenant,
            (key, days) -> {
              Days left = days.without(day.number(), this::account);
              if (left.numbers.length == 0) {
                budget.release(OWNER, TENANT_OVERHEAD);
                return null;
              }
              return left;
            });
  }

  @Nullable Manifest get(TenantId tenant, Signal signal, UtcDay day) {
    Days days = days(signal).get(tenant);
    int at = days == null ? -1 : Arrays.binarySearch(days.numbers, day.number());
    return days == null || at < 0
        ? null
        : ManifestFormat.decodeState(days.states[at], 0, tenant, signal, day);
  }

  List<Manifest> between(TenantId tenant, Signal signal, int firstDay, int lastDay) {
    List<Manifest> found = new ArrayList<>();
    Days days = days(signal).get(tenant);
    if (days == null) {
      return found;
    }
    int at = Arrays.binarySearch(days.numbers, firstDay);
    for (int i = at < 0 ? -at - 1 : at;
        i < days.numbers.length && days.numbers[i] <= lastDay;
        i++) {
      UtcDay day = new UtcDay(days.numbers[i]);
      found.add(ManifestFormat.decodeState(days.states[i], 0, tenant, signal, day));
    }
    return found;
  }

  Set<TenantId> tenants(Signal signal) {
    return Set.copyOf(days(signal).keySet());
  }

  /** Ascending day numbers: not a copy, read only. */
  int[] days(TenantId tenant, Signal signal) {
    Days days = days(signal).get(tenant);
    return days == null ? Days.NONE.numbers : days.numbers;
  }

  long count() {
    return count.get();
  }

  private ConcurrentHashMap<TenantId, Days> days(Signal signal) {
    return Objects.requireNonNull(tenants.get(signal));
  }

  private void account(int days, long bytes) {
    count.addAndGet(days);
    budget.reserve(OWNER, bytes + (long) days * DAY_OVERHEAD);
  }

  @FunctionalInterface
  private interface Account {
    void change(int days, long bytes);
  }

  /** Immutable; a change copies the arrays of one tenant. */
  private record Days(int[] numbers, byte[][] states) {

    static final Days NONE = new Days(new int[0], new byte[0][]);

    Days with(int day, byte[] state, Account account) {
      int at = Arrays.binarySearch(numbers, day);
      if (at >= 0) {
        byte[][] replaced = states.clone();
        account.change(0, (long) state.length - replaced[at].length);
        replaced[at] = state;
        return new Days(numbers, replaced);
      }
      int gap = -at - 1;
      int[] moreNumbers = Arrays.copyOf(numbers, numbers.length + 1);
      byte[][] moreStates = Arrays.copyOf(states, states.length + 1);
      System.arraycopy(numbers, gap, moreNumbers, gap + 1, numbers.length - gap);
      System.arraycopy(states, gap, moreStates, gap + 1, states.length - gap);
      moreNumbers[gap] = day;
      moreStates[gap] = state;
      account.change(1, state.length);
      return new Days(moreNumbers, moreStates);
    }

    Days without(int day, Account account) {
      int at = Arrays.binarySearch(numbers, day);
      if (at < 0) {
        return this;
      }
      account.change(-1, -states[at].length);
      int[] fewerNumbers = Arrays.copyOf(numbers, numbers.length - 1);
      byte[][] fewerStates = Arrays.copyOf(states, states.length - 1);
      System.arraycopy(numbers, at + 1, fewerNumbers, at, fewerNumbers.length - at);
      System.arraycopy(states, at + 1, fewerStates, at, fewerStates.length - at);
      return new Days(fewerNumbers, fewerStates);
    }
  }
}
