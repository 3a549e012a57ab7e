// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.model.TenantId;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.documents.Documents;
import io.skopos.storage.documents.StoredDocuments;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

final class StoredDocumentsTest extends DocumentsContract {

  private static final Path ROOT = Path.of("/objects");

  private final SimulatedDisk disk = new SimulatedDisk(1);
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final DamagedFiles damagedFiles = new DamagedFiles(InstantSource.system(), registry);

  @Override
  protected Documents documents() throws IOException {
    return new StoredDocuments(
        new DirectoryObjectStore(disk, ROOT, registry),
        10_000,
        damagedFiles,
        InstantSource.system(),
        registry);
  }

  @Test
  void aDamagedDocumentIsKeptAsideWhereverABitIsFlipped() throws IOException {
    TenantId tenant = new TenantId("shop");
    SimulatedDisk other = new SimulatedDisk(2);
    PrometheusRegistry otherRegistry = new PrometheusRegistry();
    DirectoryObjectStore objects = new DirectoryObjectStore(other, ROOT, otherRegistry);
    DamagedFiles damaged = new DamagedFiles(InstantSource.system(), otherRegistry);
    Documents documents =
        new StoredDocuments(objects, 10_000, damaged, InstantSource.system(), otherRegistry);
    documents.create(tenant, "silence", "whole", new byte[10]);
    Path file = ROOT.resolve("documents/shop/silence/broken");
    documents.create(tenant, "silence", "broken", new byte[10]);
    int length = other.content(file).length;
    requireNonNull(documents.get(tenant, "silence", "broken"));
    for (int at = 0; at < length; at++) {
      other.flipBit(file, at * 8L + at % 8);
      assertThat(documents.get(tenant, "silence", "broken")).as("byte %s", at).isNull();
      assertThat(documents.list(tenant, "silence", "", 10)).hasSize(1);
      documents.create(tenant, "silence", "broken", new byte[10]);
    }
    assertThat(damaged.list())
        .isNotEmpty()
        .allSatisfy(found -> {
          assertThat(found.kind()).isEqualTo(DamagedFile.Kind.DOCUMENT);
          assertThat(found.file()).isEqualTo("documents/shop/silence/broken");
          assertThat(found.what()).contains("kept aside as damaged/documents/shop/silence/");
        });
  }
}
