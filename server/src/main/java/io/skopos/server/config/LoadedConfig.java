// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import io.skopos.ingest.scrape.config.PrometheusConfig;
import java.util.List;

/**
 * A config that can be used.
 *
 * @param prometheus what the scraper reads
 * @param file for messages
 * @param text as it was written; secrets must be masked before it is shown
 * @param notices sections and keys that are accepted and do nothing yet, each with its line
 */
public record LoadedConfig(
    SkoposConfig skopos,
    PrometheusConfig prometheus,
    String file,
    String text,
    List<String> notices) {}
