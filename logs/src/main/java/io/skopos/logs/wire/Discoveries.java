// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.logs.LogsByTenant;
import io.skopos.logs.LogsConfig;
import io.skopos.model.TenantId;

/** The {@link Discovery} of each tenant; tenants with the same settings share one. Thread-safe. */
public final class Discoveries {

  /**
   * Different settings that are kept; with more, the oldest are made anew when they are asked for.
   */
  private static final int MAX_KEPT = 64;

  private final LogsByTenant configs;
  private volatile Discovery[] known = {};

  public Discoveries(LogsByTenant configs) {
    this.configs = configs;
  }

  @SuppressWarnings("ReferenceEquality") // settings are the same object until they change
  public Discovery of(TenantId tenant) {
    LogsConfig config = configs.of(tenant);
    for (Discovery discovery : known) {
      if (discovery.config() == config) {
        return discovery;
      }
    }
    Discovery made = new Discovery(config);
    remember(made);
    return made;
  }

  private synchronized void remember(Discovery made) {
    Discovery[] before = known;
    Discovery[] after = new Discovery[Math.min(MAX_KEPT, before.length + 1)];
    after[0] = made;
    System.arraycopy(before, 0, after, 1, after.length - 1);
    known = after;
  }
}
