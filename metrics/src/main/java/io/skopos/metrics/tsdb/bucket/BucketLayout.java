// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import io.skopos.model.TenantId;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks are in a bucket. Thanos has them side by side, {@code ULID/…}; Mimir below a folder
 * a tenant, {@code TENANT/ULID/…}, with marks of deletion beside the block or below {@code
 * TENANT/markers/}. Both are recognized by where blocks lie.
 */
public final class BucketLayout {

  /** More blocks than a bucket of this kind has after many years. */
  private static final int MAX_BLOCKS = 500_000;

  private static final int PAGE = 1000;
  private static final Pattern ULID = Pattern.compile("[0-7][0-9A-HJKMNP-TV-Z]{25}");
  private static final String MARK = "deletion-mark.json";
  private static final String MARKERS = "markers/";

  private BucketLayout() {}

  /** Of one block, while the listing goes on. */
  private static final class Draft {
    final Map<String, Long> sizes = new HashMap<>();
    boolean marked;
  }

  /** Lists the bucket, by key. */
  public static List<ListedBlock> list(ObjectStore bucket) throws IOException {
    Map<String, Draft> drafts = new TreeMap<>();
    Set<String> marked = new HashSet<>();
    String after = "";
    while (true) {
      List<ObjectSummary> page = bucket.list("", after, PAGE);
      if (page.isEmpty()) {
        break;
      }
      for (ObjectSummary object : page) {
        add(object, drafts, marked);
      }
      after = page.getLast().key();
      if (drafts.size() > MAX_BLOCKS) {
        throw new IOException("the bucket has more than " + MAX_BLOCKS + " blocks");
      }
    }
    List<ListedBlock> blocks = new ArrayList<>(drafts.size());
    drafts.forEach((key, draft) -> {
      int slash = key.indexOf('/');
      String folder = slash < 0 ? "" : key.substring(0, slash);
      String ulid = key.substring(slash + 1);
      blocks.add(
          new ListedBlock(
              folder, tenant(folder), ulid, draft.sizes, draft.marked || marked.contains(key)));
    });
    return blocks;
  }

  private static void add(ObjectSummary object, Map<String, Draft> drafts, Set<String> marked) {
    String key = object.key();
    int at = 0;
    int slash = key.indexOf('/');
    if (slash < 0) {
      return;
    }
    if (!isUlid(key.substring(0, slash))) {
      if (key.startsWith(MARKERS)) {
        noteMark(key, "", MARKERS.length(), marked);
        return;
      }
      at = slash + 1;
      if (key.startsWith(MARKERS, at)) {
        noteMark(key, key.substring(0, at), at + MARKERS.length(), marked);
        return;
      }
      slash = key.indexOf('/', at);
      if (slash < 0 || !isUlid(key.substring(at, slash))) {
        return;
      }
    }
    Draft draft = drafts.computeIfAbsent(key.substring(0, slash), _ -> new Draft());
    String file = key.substring(slash + 1);
    if (file.equals(MARK)) {
      draft.marked = true;
    } else if (file.equals("meta.json")
        || file.equals("index")
        || file.equals("tombstones")
        || file.startsWith("chunks/")) {
      draft.sizes.put(file, object.size());
    }
  }

  /** As {@code ULID-deletion-mark.json}. */
  private static void noteMark(String key, String folder, int at, Set<String> marked) {
    int dash = key.indexOf('-', at);
    if (dash > 0 && key.startsWith(MARK, dash + 1) && isUlid(key.substring(at, dash))) {
      marked.add(folder + key.substring(at, dash));
    }
  }

  static boolean isUlid(String text) {
    return ULID.matcher(text).matches();
  }

  private static @Nullable TenantId tenant(String folder) {
    try {
      return folder.isEmpty() ? null : new TenantId(folder);
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
