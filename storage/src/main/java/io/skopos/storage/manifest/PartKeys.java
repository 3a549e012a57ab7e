// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Where parts lie: {@code parts/<tenant>/<signal>/<day>/<id>.part}. */
public final class PartKeys {

  public static final String ROOT = "parts/";

  private static final String SUFFIX = ".part";

  private PartKeys() {}

  /** The common beginning of the keys of a day's own parts. */
  public static String folder(TenantId tenant, Signal signal, UtcDay day) {
    return ROOT + DayKeys.of(tenant, signal, day) + "/";
  }

  public static String of(TenantId tenant, Signal signal, UtcDay day, PartId id) {
    return of(folder(tenant, signal, day), id);
  }

  static String of(String folder, PartId id) {
    return folder + id + SUFFIX;
  }

  /** The folder of a part's key, with its slash; null for a key no part has. */
  static @Nullable String folderOf(String key) {
    String folder = key.substring(0, key.lastIndexOf('/') + 1);
    return idOf(key, folder) == null || !key.startsWith(ROOT) ? null : folder;
  }

  /** When the object's writing began, as its key says; empty for a key no part has. */
  static OptionalLong createdMs(String key) {
    PartId id = idOf(key, key.substring(0, key.lastIndexOf('/') + 1));
    return id == null ? OptionalLong.empty() : OptionalLong.of(id.createdMs());
  }

  /** The id when the key is {@link #of} the folder and an id. */
  static @Nullable PartId idOf(String key, String folder) {
    if (!key.startsWith(folder) || !key.endsWith(SUFFIX)) {
      return null;
    }
    int end = key.length() - SUFFIX.length();
    PartId id = end < folder.length() ? null : PartId.parse(key.substring(folder.length(), end));
    return id != null && of(folder, id).equals(key) ? id : null;
  }
}
