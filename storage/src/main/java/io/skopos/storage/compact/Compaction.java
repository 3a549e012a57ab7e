// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.compact;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.SignalStore;
import io.skopos.storage.StorageConfig;
import io.skopos.storage.background.BackgroundWork;
import io.skopos.storage.manifest.DeletionEntry;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.part.DamagedPart;
import io.skopos.storage.publish.Publications;
import io.skopos.storage.publish.TenantDay;
import java.io.IOException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the days that changed and has their parts merged in the background. Thread-safe. */
public final class Compaction {

  private static final Logger LOG = LoggerFactory.getLogger(Compaction.class);
  private static final String KIND = "merge";
  private static final int MAX_SET_ASIDE = 10_000;
  private static final long WAIT_NANOS = 20_000_000;

  private final MergeChoice choice;
  private final Map<Signal, SignalStore> stores = new EnumMap<>(Signal.class);
  private final Manifests manifests;
  private final Publications publications;
  private final ObjectStore objects;
  private final BackgroundWork background;
  private final InstantSource clock;
  private final Set<TenantDay> underway = ConcurrentHashMap.newKeySet();

  /** Damaged parts: they stay as they are, for the rows that can still be read. */
  private final Set<PartEntry> setAside = ConcurrentHashMap.newKeySet();

  private final Counter merges;
  private final Counter inputBytes;
  private final Counter outputBytes;

  public Compaction(
      StorageConfig.Compaction config,
      List<SignalStore> stores,
      Manifests manifests,
      Publications publications,
      ObjectStore objects,
      BackgroundWork background,
      InstantSource clock,
      PrometheusRegistry registry) {
    this.choice = new MergeChoice(config);
    for (SignalStore store : stores) {
      this.stores.put(store.signal(), store);
    }
    this.manifests = manifests;
    this.publications = publications;
    this.objects = objects;
    this.background = background;
    this.clock = clock;
    merges = counter(registry, "merges", "Merges of parts.");
    inputBytes = counter(registry, "merge_input_bytes", "Bytes of parts that were merged.");
    outputBytes = counter(registry, "merge_output_bytes", "Bytes of parts that merges wrote.");
    GaugeWithCallback.builder()
        .name("skopos_storage_set_aside_parts")
        .help("Damaged parts that merges leave out.")
        .callback(callback -> callback.call(setAside.size()))
        .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_storage_unsettled_days")
        .help("Days of tenants and signals that may still be merged.")
        .callback(callback -> callback.call(publications.unsettled().size()))
        .register(registry);
  }

  private static Counter counter(PrometheusRegistry registry, String name, String help) {
    return Counter.builder()
        .name("skopos_storage_" + name + "_total")
        .help(help)
        .labelNames("signal")
        .register(registry);
  }

  /** Submits what is worth merging now. */
  public void look() {
    publications.unsettled().forEach(this::look);
  }

  private void look(TenantDay day, long lastChangeMs) {
    Manifest manifest = manifests.get(day.tenant(), day.signal(), day.day());
    long nowMs = clock.millis();
    if (manifest == null || choice.isFinal(manifest, setAside, lastChangeMs, nowMs)) {
      publications.unsettled().remove(day, lastChangeMs);
      return;
    }
    SignalStore store = stores.get(day.signal());
    if (store == null || choice.choose(manifest, setAside, lastChangeMs, nowMs).isEmpty()) {
      return;
    }
    if (underway.add(day) && !background.submit(KIND, () -> merge(day, store, lastChangeMs))) {
      underway.remove(day);
    }
  }

  /** Chooses anew: the day may have changed while the task waited. */
  private void merge(TenantDay day, SignalStore store, long lastChangeMs) throws IOException {
    try {
      Manifest manifest = manifests.get(day.tenant(), day.signal(), day.day());
      if (manifest == null) {
        return;
      }
      List<PartEntry> inputs = choice.choose(manifest, setAside, lastChangeMs, clock.millis());
      if (!inputs.isEmpty()) {
        merge(day, store, inputs, manifest.deletions());
      }
    } finally {
      underway.remove(day);
    }
  }

  /**
   * Rewrites, on this thread, the tenant's parts that deletions hide rows of. Those of a day become
   * one part, because only a merge of all of them settles the deletion. A day that is being merged
   * is waited for; damaged parts stay as they are.
   *
   * @return how many parts were rewritten
   */
  public int clean(TenantId tenant, Signal signal) throws IOException {
    SignalStore store = stores.get(signal);
    int rewritten = 0;
    for (UtcDay number : manifests.days(tenant, signal)) {
      TenantDay day = new TenantDay(tenant, signal, number);
      if (store == null || touched(manifests.get(tenant, signal, number)).isEmpty()) {
        continue;
      }
      while (!underway.add(day)) {
        LockSupport.parkNanos(WAIT_NANOS);
      }
      try {
        Manifest manifest = manifests.get(tenant, signal, number);
        if (manifest != null) {
          for (List<PartEntry> run : MergeChoice.runs(touched(manifest), setAside)) {
            merge(day, store, run, manifest.deletions());
            rewritten += run.size();
          }
        }
      } finally {
        underway.remove(day);
      }
    }
    return rewritten;
  }

  /** From the day's first part to the last that some deletion may hide rows of. */
  private static List<PartEntry> touched(@Nullable Manifest manifest) {
    if (manifest == null) {
      return List.of();
    }
    List<PartEntry> parts = manifest.parts();
    int end = parts.size();
    while (end > 0 && !isTouched(parts.get(end - 1), manifest.deletions())) {
      end--;
    }
    return parts.subList(0, end);
  }

  private static boolean isTouched(PartEntry part, List<DeletionEntry> deletions) {
    return deletions.stream().anyMatch(one -> one.position() > part.maxPosition());
  }

  private void merge(
      TenantDay day, SignalStore store, List<PartEntry> inputs, List<DeletionEntry> deletions)
      throws IOException {
    @Nullable PartEntry output;
    try (Manifests.Lease lease = manifests.lease()) {
      output = store.merge(day.tenant(), day.day(), inputs, deletions);
    } catch (IOException | RuntimeException e) {
      setAside(e);
      throw new IOException("cannot merge " + inputs.size() + " parts of " + day + ": " + e, e);
    }
    if (!publications.replace(day, inputs, output, deletions)) {
      LOG.info("{} changed while its parts were merged; the merged part is dropped", day);
      if (output != null) {
        objects.delete(output.object());
      }
      return;
    }
    String signal = day.signal().key();
    merges.labelValues(signal).inc();
    inputBytes.labelValues(signal).inc(bytes(inputs));
    if (output != null) {
      outputBytes.labelValues(signal).inc(output.length());
    }
  }

  /** The next look merges what lies around a damaged part. */
  private void setAside(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof DamagedPart damaged) {
        if (setAside.size() + damaged.suspects().size() > MAX_SET_ASIDE) {
          // What was damaged and is no longer there (retention) makes room; the rest comes again.
          setAside.clear();
        }
        setAside.addAll(damaged.suspects());
        return;
      }
    }
  }

  private static long bytes(List<PartEntry> parts) {
    long bytes = 0;
    for (PartEntry part : parts) {
      bytes += part.length();
    }
    return bytes;
  }
}
