// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.RemovalCause;
import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.core.metrics.GaugeWithCallback;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.manifest.PartId;
import io.skopos.storage.manifest.PartKeys;
import io.skopos.storage.manifest.PartsFound;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.pages.PageCache;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Parts in an object store. Open parts and what wings keep for them stay on the heap up to a number
 * of bytes; those least worth it go first and are opened again when needed. One thread opens a
 * part, others wait for it; no lock is held meanwhile.
 */
public final class StoredParts implements Parts, AutoCloseable {

  private static final String OWNER = "open-parts";

  /** Objects and table entries around a footer. */
  private static final int OVERHEAD = 512;

  private final ObjectStore objects;
  private final PageCache pages;
  private final MemoryBudget budget;
  private final InstantSource clock;
  private final PartSource source;
  private final Compression compression = new Compression();
  private final PageDecoder.Pool decoders = new PageDecoder.Pool();
  private final AsyncCache<CacheKey, Weighed> open;
  private final Counter opened;

  /** All parts lie in {@code objects}. */
  public StoredParts(
      ObjectStore objects,
      PageCache pages,
      long openBytes,
      MemoryBudget budget,
      DamagedFiles damagedFiles,
      InstantSource clock,
      PrometheusRegistry registry) {
    this(
        objects,
        (entry, offset, into) -> objects.getRange(entry.object(), entry.offset() + offset, into),
        pages,
        openBytes,
        budget,
        damagedFiles,
        clock,
        registry);
  }

  /**
   * @param objects where new parts are written
   * @param bytes where published parts are read
   * @param openBytes most bytes of heap for open parts
   */
  public StoredParts(
      ObjectStore objects,
      PartBytes bytes,
      PageCache pages,
      long openBytes,
      MemoryBudget budget,
      DamagedFiles damagedFiles,
      InstantSource clock,
      PrometheusRegistry registry) {
    this.objects = objects;
    this.pages = pages;
    this.budget = budget;
    this.clock = clock;
    this.source = new PartSource(objects, bytes, damagedFiles, decoders);
    this.open =
        Caffeine.newBuilder()
            .maximumWeight(openBytes)
            .weigher((CacheKey key, Weighed value) -> value.bytes)
            .removalListener(
                (@Nullable CacheKey key, @Nullable Weighed value, RemovalCause cause) -> {
                  if (value != null) {
                    budget.release(OWNER, value.bytes);
                  }
                })
            .executor(Runnable::run)
            .buildAsync();
    this.opened =
        Counter.builder()
            .name("skopos_storage_parts_opened_total")
            .help("Footers read because the part was not open.")
            .register(registry);
    GaugeWithCallback.builder()
        .name("skopos_storage_open_parts_bytes")
        .help("Heap held for open parts; bounded.")
        .callback(callback -> callback.call((double) budget.usedBytes(OWNER)))
        .register(registry);
  }

  @Override
  public PartWriter create(TenantId tenant, Signal signal, UtcDay day, List<PartEntry> replaces)
      throws IOException {
    PartId id = PartId.create(clock.millis());
    return new StoredPartWriter(
        id,
        tenant,
        signal,
        day,
        replaces,
        objects.create(PartKeys.of(tenant, signal, day, id)),
        compression);
  }

  @Override
  public PartReader open(TenantId tenant, Signal signal, UtcDay day, PartEntry entry)
      throws IOException {
    Weighed found =
        cached(
            new CacheKey(entry.object(), entry.offset(), false),
            () -> {
              StoredPartReader reader = read(tenant, signal, day, entry);
              return new Weighed(reader, null, weightOf(reader.footer().length));
            });
    check(found.reader, tenant, signal, day, entry);
    return found.reader;
  }

  @Override
  @SuppressWarnings("unchecked") // a part is of one signal, and each signal has one opener
  public <T extends Opened> T opened(
      TenantId tenant, Signal signal, UtcDay day, PartEntry entry, Opener<T> opener)
      throws IOException {
    Weighed found =
        cached(
            new CacheKey(entry.object(), entry.offset(), true),
            () -> {
              StoredPartReader reader = read(tenant, signal, day, entry);
              T form = opener.open(reader);
              return new Weighed(reader, form, weightOf(reader.footer().length + form.heapBytes()));
            });
    check(found.reader, tenant, signal, day, entry);
    return (T) Objects.requireNonNull(found.form);
  }

  @Override
  public boolean isRemote(PartEntry entry) {
    return source.isRemote(entry);
  }

  @Override
  public void prefetch(PartEntry entry) {
    if (source.isRemote(entry)
        && !open.asMap().containsKey(new CacheKey(entry.object(), entry.offset(), true))) {
      long tail = Math.min(entry.length(), PartFormat.TAIL_READ);
      source.prefetch(entry, entry.length() - tail, tail);
    }
  }

  /** To put a lost manifest together again. */
  public PartsFound found() {
    return new PartSurvey(objects, source);
  }

  @Override
  public void close() {
    open.synchronous().invalidateAll();
    compression.close();
    decoders.close();
  }

  private StoredPartReader read(TenantId tenant, Signal signal, UtcDay day, PartEntry entry)
      throws IOException {
    opened.inc();
    StoredPartReader reader = new StoredPartReader(source, entry, source.readFooter(entry), pages);
    check(reader, tenant, signal, day, entry);
    return reader;
  }

  /** Also of a part that somebody else has opened: a wrong manifest must not reach it either. */
  private void check(
      StoredPartReader reader, TenantId tenant, Signal signal, UtcDay day, PartEntry entry)
      throws DamagedPart {
    PartFooter holds = reader.identity();
    if (!holds.tenant().equals(tenant)
        || holds.signal() != signal
        || !holds.day().equals(day)
        || reader.entry().length() != entry.length()) {
      throw source.damaged(
          entry,
          0,
          entry.length(),
          "it holds "
              + holds.signal().key()
              + " of tenant "
              + holds.tenant()
              + " of "
              + holds.day()
              + " in "
              + reader.entry().length()
              + " bytes, the manifest of tenant "
              + tenant
              + ", "
              + signal.key()
              + ", "
              + day
              + " names it with "
              + entry.length());
    }
  }

  private Weighed cached(CacheKey key, Loading loading) throws IOException {
    while (true) {
      CompletableFuture<Weighed> present = open.getIfPresent(key);
      CompletableFuture<Weighed> mine = new CompletableFuture<>();
      if (present == null) {
        present = open.asMap().putIfAbsent(key, mine);
      }
      if (present == null) {
        return load(mine, loading);
      }
      Weighed value = await(present);
      if (value != null) {
        return value;
      }
    }
  }

  private Weighed load(CompletableFuture<Weighed> mine, Loading loading) throws IOException {
    try {
      Weighed value = loading.load();
      budget.reserve(OWNER, value.bytes);
      mine.complete(value);
      return value;
    } catch (IOException | RuntimeException | Error e) {
      // The cache forgets it. It would log any other kind of exception, part by part.
      CancellationException failure = new CancellationException();
      failure.initCause(e);
      mine.completeExceptionally(failure);
      throw e;
    }
  }

  /** Null when the other thread gave up for reasons of its own. */
  private static @Nullable Weighed await(CompletableFuture<Weighed> present) throws IOException {
    try {
      return present.get();
    } catch (CancellationException e) {
      return switch (causeOf(e)) {
        case InterruptedIOException others -> null;
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case Error failure -> throw failure;
        case null, default -> throw new IOException(e);
      };
    } catch (ExecutionException e) {
      throw new IllegalStateException("opening a part fails by being cancelled", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      InterruptedIOException interrupted =
          new InterruptedIOException("interrupted while a part was opened");
      interrupted.initCause(e);
      throw interrupted;
    }
  }

  /** The future wraps what it was completed with in one of its own. */
  private static @Nullable Throwable causeOf(CancellationException e) {
    Throwable cause = e.getCause();
    while (cause instanceof CancellationException) {
      cause = cause.getCause();
    }
    return cause;
  }

  private static int weightOf(long bytes) {
    return (int) Math.min(Integer.MAX_VALUE, bytes + OVERHEAD);
  }

  @FunctionalInterface
  private interface Loading {
    Weighed load() throws IOException;
  }

  private record CacheKey(String object, long offset, boolean decoded) {}

  /**
   * @param form null for a part opened without a wing
   */
  private record Weighed(StoredPartReader reader, @Nullable Opened form, int bytes) {}
}
