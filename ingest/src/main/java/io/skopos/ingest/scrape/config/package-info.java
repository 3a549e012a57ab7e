/**
 * A {@code prometheus.yml} as records, for what scraping needs of it: {@link
 * io.skopos.ingest.scrape.config.PrometheusConfig#parse}. Keys Prometheus does not know are refused
 * with line and nearest known key; keys it knows and we have not built yet become notices. Plain
 * data that compares by value, so that a reload can tell what changed; nothing here opens a
 * connection.
 */
@NullMarked
package io.skopos.ingest.scrape.config;

import org.jspecify.annotations.NullMarked;
