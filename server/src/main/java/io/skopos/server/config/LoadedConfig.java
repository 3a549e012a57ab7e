// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import io.skopos.ingest.collect.config.CollectConfig;
import io.skopos.ingest.scrape.config.PrometheusConfig;
import io.skopos.model.TenantId;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A config that can be used.
 *
 * @param prometheus what the scraper reads
 * @param collect the jobs of collecting logs
 * @param file for messages
 * @param text as it was written; secrets must be masked before it is shown
 * @param overrides what tenants with own values have
 * @param overridesFile looked at again when it changes; null when there is none
 * @param notices sections and keys that are accepted and do nothing yet, each with its line
 */
public record LoadedConfig(
    SkoposConfig skopos,
    PrometheusConfig prometheus,
    CollectConfig collect,
    Map<TenantId, TenantOverrides> overrides,
    @Nullable Path overridesFile,
    String file,
    String text,
    List<String> notices) {

  /** What holds for a tenant. */
  public TenantOverrides of(TenantId tenant) {
    TenantOverrides own = overrides.get(tenant);
    return own == null ? TenantOverrides.none(skopos) : own;
  }
}
