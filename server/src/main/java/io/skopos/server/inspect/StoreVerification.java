// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.inspect;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.logs.store.LogStore;
import io.skopos.metrics.store.part.MetricsPart;
import io.skopos.model.Signal;
import io.skopos.server.backup.TransferLog;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.documents.DocumentCheck;
import io.skopos.storage.manifest.BucketKeys;
import io.skopos.storage.manifest.BucketManifests;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.MissingObject;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.ObjectTooLarge;
import io.skopos.storage.objects.VersionedObject;
import io.skopos.storage.pages.Page;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.DamagedPart;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.StoredParts;
import io.skopos.storage.rows.RowStore;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Reads every manifest, document and page of a store and compares the checksums. */
public final class StoreVerification {

  private static final long CACHE_BYTES = 64L << 20;
  private static final long OPEN_BYTES = 16L << 20;
  private static final int LIST_PAGE = 1000;

  private final ObjectStore store;
  private final TransferLog log;
  private final List<String> findings = new ArrayList<>();
  private long manifests;
  private long parts;
  private long partsElsewhere;
  private long pages;
  private long documents;
  private long bytes;

  public StoreVerification(ObjectStore store, TransferLog log) {
    this.store = store;
    this.log = log;
  }

  /**
   * What was looked at.
   *
   * @param partsElsewhere parts of a data directory that lie in its bucket; not looked at
   * @param findings what is damaged or missing, each with its object
   */
  public record Result(
      long manifests,
      long parts,
      long partsElsewhere,
      long pages,
      long documents,
      long bytes,
      List<String> findings) {

    public Result {
      findings = List.copyOf(findings);
    }
  }

  public Result run() throws IOException {
    List<DayInventory> days = StoreInventory.of(store);
    log.begin(
        "verified",
        days.stream().mapToLong(DayInventory::parts).sum(),
        days.stream().mapToLong(DayInventory::bytes).sum());
    MemoryBudget budget = new MemoryBudget(2 * CACHE_BYTES);
    PrometheusRegistry registry = new PrometheusRegistry();
    DamagedFiles damaged = new DamagedFiles(InstantSource.system(), registry);
    try (PageCache cache = new PageCache(CACHE_BYTES, budget, registry);
        StoredParts opener =
            new StoredParts(
                store,
                new ReadAhead(store),
                cache,
                OPEN_BYTES,
                budget,
                damaged,
                InstantSource.system(),
                registry)) {
      BucketManifests stored = new BucketManifests(store);
      for (DayInventory day : days) {
        verify(day, stored, opener);
      }
    }
    verifyDocuments();
    return new Result(manifests, parts, partsElsewhere, pages, documents, bytes, findings);
  }

  private void verify(DayInventory day, BucketManifests stored, StoredParts opener)
      throws IOException {
    manifests++;
    BucketManifests.Stored read = stored.read(day.tenant(), day.signal(), day.day());
    if (!read.damage().isEmpty()) {
      findings.add(
          BucketManifests.key(day.tenant(), day.signal(), day.day()) + ": " + read.damage());
    }
    if (read.manifest() == null) {
      return;
    }
    for (PartEntry entry : read.manifest().parts()) {
      if (BucketKeys.isInBucket(entry.object())) {
        partsElsewhere++;
        log.done(1, entry.length());
        continue;
      }
      try {
        PartReader reader = opener.open(day.tenant(), day.signal(), day.day(), entry);
        verify(day.signal(), entry, reader);
      } catch (DamagedPart | MissingObject e) {
        findings.add(entry.object() + ": " + e.getMessage());
      }
      parts++;
      bytes += entry.length();
      log.done(1, 0);
    }
  }

  private void verify(Signal signal, PartEntry entry, PartReader reader) throws IOException {
    List<PageRef> all =
        new ArrayList<>(
            switch (signal) {
              case METRICS -> MetricsPart.open(reader).pages();
              case LOGS -> LogStore.pages(reader);
              default -> RowStore.pages(reader);
            });
    all.sort(Comparator.comparingLong(PageRef::offset));
    for (PageRef ref : all) {
      try (Page page = reader.page(ref)) {
        pages++;
        log.done(0, ref.storedLength());
      } catch (DamagedPart e) {
        findings.add(entry.object() + ": " + e.getMessage());
      }
    }
  }

  private void verifyDocuments() throws IOException {
    List<ObjectSummary> page = store.list(DocumentCheck.ROOT, "", LIST_PAGE);
    while (!page.isEmpty()) {
      for (ObjectSummary object : page) {
        documents++;
        try {
          VersionedObject found = store.get(object.key(), DocumentCheck.MAX_BYTES);
          String damage = found == null ? "" : DocumentCheck.damageOf(found.bytes());
          if (!damage.isEmpty()) {
            findings.add(object.key() + ": " + damage);
          }
        } catch (ObjectTooLarge e) {
          findings.add(object.key() + ": " + e.getMessage());
        }
      }
      page = store.list(DocumentCheck.ROOT, page.getLast().key(), LIST_PAGE);
    }
  }
}
