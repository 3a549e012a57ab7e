// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Goes through all parts, folder by folder, and picks those that no manifest names. */
final class OrphanSearch {

  private static final int PAGE = 10_000;

  private final ObjectStore objects;
  private final Manifests manifests;
  private final Predicate<String> namedElsewhere;
  private final Predicate<String> unreadableManifest;
  private final long newestMs;
  private final List<String> orphans = new ArrayList<>();

  /** The folder the walk is in, and what its manifest names; null when nothing is known of it. */
  private String folder = "";

  private @Nullable Set<String> namedInFolder;

  /**
   * @param newestMs parts whose writing began later are no orphans
   */
  OrphanSearch(
      ObjectStore objects,
      Manifests manifests,
      Predicate<String> namedElsewhere,
      Predicate<String> unreadableManifest,
      long newestMs) {
    this.objects = objects;
    this.manifests = manifests;
    this.namedElsewhere = namedElsewhere;
    this.unreadableManifest = unreadableManifest;
    this.newestMs = newestMs;
  }

  List<String> find() throws IOException {
    List<ObjectSummary> page = objects.list(PartKeys.ROOT, "", PAGE);
    while (!page.isEmpty()) {
      for (ObjectSummary object : page) {
        look(object.key());
      }
      page = objects.list(PartKeys.ROOT, page.getLast().key(), PAGE);
    }
    return orphans;
  }

  private void look(String key) {
    String keyFolder = PartKeys.folderOf(key);
    OptionalLong createdMs = PartKeys.createdMs(key);
    if (keyFolder == null || createdMs.isEmpty()) {
      return; // nothing we wrote
    }
    if (!keyFolder.equals(folder)) {
      folder = keyFolder;
      namedInFolder = namedBy(keyFolder);
    }
    if (namedInFolder != null
        && createdMs.getAsLong() <= newestMs
        && !namedInFolder.contains(key)
        && !namedElsewhere.test(key)) {
      orphans.add(key);
    }
  }

  private @Nullable Set<String> namedBy(String keyFolder) {
    DayKeys.Parsed day =
        DayKeys.parse(keyFolder.substring(PartKeys.ROOT.length(), keyFolder.length() - 1));
    if (day == null
        || unreadableManifest.test(ManifestObjects.key(day.tenant(), day.signal(), day.day()))) {
      return null;
    }
    Set<String> named = new HashSet<>();
    Manifest manifest = manifests.get(day.tenant(), day.signal(), day.day());
    if (manifest != null) {
      for (PartEntry part : manifest.parts()) {
        named.add(part.object());
      }
    }
    return named;
  }
}
