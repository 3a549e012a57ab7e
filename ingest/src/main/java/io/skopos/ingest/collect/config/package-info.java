// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What to collect: jobs as Promtail's {@code scrape_configs} write them, in our own config or in
 * files of Promtail's, and those that hold where nothing is configured. {@link
 * io.skopos.ingest.collect.config.CollectConfig} reads, {@link
 * io.skopos.ingest.collect.config.CollectJob} is one entry with its defaults filled in.
 */
@NullMarked
package io.skopos.ingest.collect.config;

import org.jspecify.annotations.NullMarked;
