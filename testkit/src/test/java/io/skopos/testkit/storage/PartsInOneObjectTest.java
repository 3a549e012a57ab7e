// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.pages.Page;
import io.skopos.storage.part.DamagedPart;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PartWriter;
import io.skopos.testkit.disk.SimulatedDisk;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** An object may carry several parts, back to back, of several tenants. */
final class PartsInOneObjectTest {

  private static final TenantId SHOP = new TenantId("shop");
  private static final TenantId BANK = new TenantId("bank");
  private static final UtcDay DAY = UtcDay.parse("2026-01-31");
  private static final int PAGE = 1_000;

  private final SimulatedDisk disk = new SimulatedDisk(1);

  @Test
  void eachIsOpenedByItsOffset() throws IOException {
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      PartEntry first = write(storage, SHOP, 1);
      PartEntry second = write(storage, BANK, 2);
      PartEntry third = write(storage, SHOP, 3);
      List<PartEntry> together = together(storage, "parts/shared/1", first, second, third);
      assertThat(readPage(storage, SHOP, together.get(0))).containsOnly(1);
      assertThat(readPage(storage, BANK, together.get(1))).containsOnly(2);
      assertThat(readPage(storage, SHOP, together.get(2))).containsOnly(3);
      // A wrong offset or length never opens a neighbour.
      PartEntry shifted = at(together.get(1), together.get(1).object(), 0);
      assertThatThrownBy(() -> storage.parts.open(BANK, Signal.METRICS, DAY, shifted))
          .isInstanceOf(DamagedPart.class);
      assertThatThrownBy(() -> storage.parts.open(SHOP, Signal.METRICS, DAY, together.get(1)))
          .isInstanceOf(DamagedPart.class)
          .hasMessageContaining("bank");
    }
  }

  @Test
  void aLostManifestIsPutTogetherFromAllOfThem() throws IOException {
    List<PartEntry> expected;
    try (StorageOnDisk storage = new StorageOnDisk(disk, 1)) {
      PartEntry first = write(storage, SHOP, 1);
      PartEntry second = write(storage, SHOP, 2);
      storage.objects.delete(first.object());
      storage.objects.put("manifests/shop/metrics/2026-01-31", new byte[] {1, 2, 3});
      PartEntry again = write(storage, SHOP, 1);
      expected = together(storage, first.object(), again, second);
      storage.objects.delete(again.object());
      storage.objects.delete(second.object());
    }
    try (StorageOnDisk storage = new StorageOnDisk(disk, 2)) {
      Manifest found = requireNonNull(storage.manifests.get(SHOP, Signal.METRICS, DAY));
      assertThat(found.parts()).isEqualTo(expected);
      assertThat(readPage(storage, SHOP, found.parts().get(1))).containsOnly(2);
    }
  }

  private static PartEntry write(StorageOnDisk storage, TenantId tenant, int content)
      throws IOException {
    try (PartWriter writer = storage.parts.create(tenant, Signal.METRICS, DAY)) {
      byte[] page = new byte[PAGE];
      Arrays.fill(page, (byte) content);
      PageRef ref = writer.page(page, 0, page.length, PartWriter.Codec.COMPRESSED);
      return writer.finish(
          new byte[] {(byte) ref.storedLength()},
          new PartWriter.Summary(1, DAY.startMs(), DAY.endMs(), content, content, 0));
    }
  }

  /** Puts the parts behind each other into one object; the old ones stay. */
  private static List<PartEntry> together(StorageOnDisk storage, String key, PartEntry... parts)
      throws IOException {
    List<PartEntry> moved = new ArrayList<>();
    long offset = 0;
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (PartEntry part : parts) {
      all.writeBytes(requireNonNull(storage.objects.get(part.object(), 1 << 20)).bytes());
      moved.add(at(part, key, offset));
      offset += part.length();
    }
    storage.objects.put(key, all.toByteArray());
    return moved;
  }

  private static PartEntry at(PartEntry part, String object, long offset) {
    return new PartEntry(
        object,
        offset,
        part.length(),
        part.rows(),
        part.minTimeMs(),
        part.maxTimeMs(),
        part.minPosition(),
        part.maxPosition(),
        part.level());
  }

  private static byte[] readPage(StorageOnDisk storage, TenantId tenant, PartEntry part)
      throws IOException {
    PartReader reader = storage.parts.open(tenant, Signal.METRICS, DAY, part);
    try (Page page = reader.page(new PageRef(24, reader.footer()[0], PAGE))) {
      return page.bytes().toArray(ValueLayout.JAVA_BYTE);
    }
  }
}
