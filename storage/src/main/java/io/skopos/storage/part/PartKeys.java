// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.DayKeys;
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

  static String of(TenantId tenant, Signal signal, UtcDay day, PartId id) {
    return folder(tenant, signal, day) + id + SUFFIX;
  }

  /** When the object's writing began, as its key says; empty for a key no part has. */
  public static OptionalLong createdMs(String key) {
    PartId id = idOf(key);
    return id == null ? OptionalLong.empty() : OptionalLong.of(id.createdMs());
  }

  private static @Nullable PartId idOf(String key) {
    if (!key.startsWith(ROOT) || !key.endsWith(SUFFIX)) {
      return null;
    }
    return PartId.parse(key.substring(key.lastIndexOf('/') + 1, key.length() - SUFFIX.length()));
  }
}
