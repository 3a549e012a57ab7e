// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import io.skopos.ingest.intake.IntakeLimits;
import io.skopos.ingest.intake.ha.HaSettings;
import io.skopos.logs.LogsConfig;
import io.skopos.metrics.api.QueryConfig;
import io.skopos.storage.StorageConfig;
import java.util.Set;

/**
 * What holds for one tenant: the common settings, with its own values where it has some.
 *
 * @param given the keys with own values, below {@code overrides.TENANT}
 */
public record TenantOverrides(
    IntakeLimits intake,
    QueryConfig query,
    LogsConfig logs,
    StorageConfig.Retention retention,
    HaSettings ha,
    Set<String> given) {

  /** What a tenant without own values has. */
  public static TenantOverrides none(SkoposConfig config) {
    return new TenantOverrides(
        config.intake(),
        config.query(),
        config.logs(),
        config.storage().retention(),
        config.ha(),
        Set.of());
  }
}
