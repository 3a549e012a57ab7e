// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.model.UtcDay;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * How a manifest of this machine names an object that lies in the bucket: {@code bucket/} and the
 * object's key there. Nothing local has such a key.
 */
public final class BucketKeys {

  /** Objects that hold several small parts: {@code packs/<day>/<id>.pack}. */
  public static final String PACKS = "packs/";

  private static final String PREFIX = "bucket/";
  private static final String PACK_SUFFIX = ".pack";

  private BucketKeys() {}

  public static boolean isInBucket(String object) {
    return object.startsWith(PREFIX);
  }

  /** The local name of a bucket's object. */
  public static String local(String keyInBucket) {
    return PREFIX + keyInBucket;
  }

  /** The bucket's key of what {@link #local} named. */
  public static String inBucket(String object) {
    return object.substring(PREFIX.length());
  }

  /** The same part as the bucket's manifest names it. */
  public static PartEntry inBucket(PartEntry entry) {
    return at(entry, inBucket(entry.object()), entry.offset());
  }

  /** The same part of the bucket as a local manifest names it. */
  public static PartEntry local(PartEntry entryOfBucket) {
    return at(entryOfBucket, local(entryOfBucket.object()), entryOfBucket.offset());
  }

  /** The same part elsewhere. */
  public static PartEntry at(PartEntry entry, String object, long offset) {
    return new PartEntry(
        object,
        offset,
        entry.length(),
        entry.rows(),
        entry.minTimeMs(),
        entry.maxTimeMs(),
        entry.minPosition(),
        entry.maxPosition(),
        entry.level());
  }

  /** Whether both are copies of one part: all is equal but the place. */
  public static boolean isSamePart(PartEntry one, PartEntry other) {
    return at(one, "", 0).equals(at(other, "", 0));
  }

  public static String pack(UtcDay day, PartId id) {
    return PACKS + DayKeys.of(day) + "/" + id + PACK_SUFFIX;
  }

  /** When the writing of a bucket's object of parts began; empty for a key none of them has. */
  public static OptionalLong createdMs(String keyInBucket) {
    if (!keyInBucket.startsWith(PACKS)) {
      return keyInBucket.startsWith(PartKeys.ROOT)
          ? PartKeys.createdMs(keyInBucket)
          : OptionalLong.empty();
    }
    String name = keyInBucket.substring(keyInBucket.lastIndexOf('/') + 1);
    @Nullable PartId id =
        name.endsWith(PACK_SUFFIX)
            ? PartId.parse(name.substring(0, name.length() - PACK_SUFFIX.length()))
            : null;
    return id == null ? OptionalLong.empty() : OptionalLong.of(id.createdMs());
  }
}
