// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.manifest.PartKeys;
import io.skopos.storage.manifest.PartsFound;
import io.skopos.storage.objects.MissingObject;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import java.io.EOFException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Asks the parts in a day's folder what they hold; see {@link PartsFound}. */
final class PartSurvey implements PartsFound {

  private static final int PAGE = 1_000;

  private final ObjectStore objects;
  private final PartSource source;

  PartSurvey(ObjectStore objects, PartSource source) {
    this.objects = objects;
    this.source = source;
  }

  @Override
  public List<PartEntry> partsOf(TenantId tenant, Signal signal, UtcDay day) throws IOException {
    List<PartEntry> found = new ArrayList<>();
    Set<PartAddress> replaced = new HashSet<>();
    String folder = PartKeys.folder(tenant, signal, day);
    List<ObjectSummary> page = objects.list(folder, "", PAGE);
    while (!page.isEmpty()) {
      for (ObjectSummary object : page) {
        survey(object, tenant, signal, day, found, replaced);
      }
      page = objects.list(folder, page.getLast().key(), PAGE);
    }
    found.removeIf(entry -> replaced.contains(PartAddress.of(entry)));
    found.sort(Comparator.comparingLong(PartEntry::maxPosition));
    return found;
  }

  /** From the last part of the object, whose tail is at its end, to the first. */
  private void survey(
      ObjectSummary object,
      TenantId tenant,
      Signal signal,
      UtcDay day,
      List<PartEntry> found,
      Set<PartAddress> replaced)
      throws IOException {
    long end = object.size();
    while (end > 0) {
      try {
        long length = source.lengthOfPartEndingAt(object.key(), end);
        PartFooter footer = source.readFooter(object.key(), end - length, length);
        end -= length;
        if (footer.tenant().equals(tenant)
            && footer.signal() == signal
            && footer.day().equals(day)) {
          found.add(entry(object.key(), end, length, footer.summary()));
          replaced.addAll(footer.replaces());
        }
      } catch (DamagedBytes | MissingObject | EOFException e) {
        source.reportUnreadable(object.key(), day, end, e.getMessage());
        return;
      }
    }
  }

  private static PartEntry entry(
      String object, long offset, long length, PartWriter.Summary summary) {
    return new PartEntry(
        object,
        offset,
        length,
        summary.rows(),
        summary.minTimeMs(),
        summary.maxTimeMs(),
        summary.minPosition(),
        summary.maxPosition(),
        summary.level());
  }
}
