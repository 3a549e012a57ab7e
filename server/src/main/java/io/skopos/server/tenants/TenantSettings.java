// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.tenants;

import io.skopos.ingest.intake.IntakeLimits;
import io.skopos.ingest.intake.ha.HaSettings;
import io.skopos.ingest.intake.ha.HaTenant;
import io.skopos.logs.LogsConfig;
import io.skopos.metrics.api.QueryConfig;
import io.skopos.model.TenantId;
import io.skopos.server.config.LoadedConfig;
import io.skopos.server.config.TenantOverrides;
import io.skopos.storage.StorageConfig;
import java.util.Map;
import java.util.Set;

/** What holds for each tenant, by the config read last. Thread-safe. */
public final class TenantSettings {

  private volatile State state;

  private record State(TenantOverrides common, Map<TenantId, TenantOverrides> own) {}

  public TenantSettings(LoadedConfig config) {
    state = stateOf(config);
  }

  public void reload(LoadedConfig config) {
    state = stateOf(config);
  }

  private static State stateOf(LoadedConfig config) {
    return new State(TenantOverrides.none(config.skopos()), config.overrides());
  }

  TenantOverrides of(TenantId tenant) {
    State now = state;
    return now.own().getOrDefault(tenant, now.common());
  }

  public IntakeLimits intake(TenantId tenant) {
    return of(tenant).intake();
  }

  public LogsConfig logs(TenantId tenant) {
    return of(tenant).logs();
  }

  public QueryConfig query(TenantId tenant) {
    return of(tenant).query();
  }

  public StorageConfig.Retention retention(TenantId tenant) {
    return of(tenant).retention();
  }

  /** The tenants with values of their own. */
  Set<TenantId> withOwn() {
    return state.own().keySet();
  }

  /** The settings for replicas of all tenants, those of the overrides among them. */
  public static HaSettings ha(LoadedConfig config) {
    HaSettings settings = config.skopos().ha();
    for (Map.Entry<TenantId, TenantOverrides> each : config.overrides().entrySet()) {
      if (each.getValue().given().stream().anyMatch(key -> key.startsWith("ha."))) {
        HaSettings own = each.getValue().ha();
        settings =
            settings.with(
                new HaTenant(
                    each.getKey().value(),
                    own.enabled(),
                    own.clusterLabel(),
                    own.replicaLabel(),
                    own.maxClusters()));
      }
    }
    return settings;
  }
}
