// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.storage.documents.DocumentCheck;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.VersionedObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Copies of this machine's documents in the bucket, under their own keys, some time after each
 * change: whoever takes the bucket over has them. The local ones are the truth. Used by one thread.
 */
final class DocumentCopies {

  private static final int PAGE = 1_000;

  private final ObjectStore local;
  private final ObjectStore bucket;

  /** Versions of the local documents that the bucket has, by key; null before the first look. */
  private @Nullable Map<String, String> copied;

  DocumentCopies(ObjectStore local, ObjectStore bucket) {
    this.local = local;
    this.bucket = bucket;
  }

  /** Says that this process still owns the bucket, or throws. */
  @FunctionalInterface
  interface OwnerCheck {
    void confirm() throws IOException;
  }

  /**
   * Brings the copies up to date.
   *
   * @param owner asked before the first change
   * @return how many documents were written or removed
   */
  int update(OwnerCheck owner) throws IOException {
    Map<String, String> there = copied == null ? found() : copied;
    copied = there;
    Set<String> present = new HashSet<>();
    int changes = 0;
    for (String key : keys(local)) {
      VersionedObject document = local.get(key, DocumentCheck.MAX_BYTES);
      if (document == null) {
        continue;
      }
      present.add(key);
      if (!document.version().equals(there.get(key))) {
        if (changes++ == 0) {
          owner.confirm();
        }
        String _ = bucket.put(key, document.bytes());
        there.put(key, document.version());
      }
    }
    List<String> gone = new ArrayList<>(there.keySet());
    gone.removeAll(present);
    for (String key : gone) {
      if (changes++ == 0) {
        owner.confirm();
      }
      boolean _ = bucket.delete(key);
      there.remove(key);
    }
    return changes;
  }

  /** What the bucket has: as a local version where both are equal, else as none. */
  private Map<String, String> found() throws IOException {
    Map<String, String> versions = new HashMap<>();
    for (String key : keys(bucket)) {
      VersionedObject own = local.get(key, DocumentCheck.MAX_BYTES);
      VersionedObject copy = own == null ? null : bucket.get(key, DocumentCheck.MAX_BYTES);
      boolean equal = own != null && copy != null && Arrays.equals(own.bytes(), copy.bytes());
      versions.put(key, own != null && equal ? own.version() : "");
    }
    return versions;
  }

  /**
   * Takes what the bucket has and this machine has not.
   *
   * @return how many
   */
  int restore() throws IOException {
    int restored = 0;
    for (String key : keys(bucket)) {
      if (local.size(key).isPresent()) {
        continue;
      }
      VersionedObject copy = bucket.get(key, DocumentCheck.MAX_BYTES);
      if (copy != null) {
        String _ = local.put(key, copy.bytes());
        restored++;
      }
    }
    return restored;
  }

  private static List<String> keys(ObjectStore store) throws IOException {
    List<String> keys = new ArrayList<>();
    List<ObjectSummary> page = store.list(DocumentCheck.ROOT, "", PAGE);
    while (!page.isEmpty()) {
      page.forEach(object -> keys.add(object.key()));
      page = store.list(DocumentCheck.ROOT, page.getLast().key(), PAGE);
    }
    return keys;
  }
}
