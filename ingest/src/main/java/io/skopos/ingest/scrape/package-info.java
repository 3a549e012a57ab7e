/**
 * Pull: from a {@link io.skopos.ingest.scrape.config.PrometheusConfig} to samples in the intake.
 *
 * <p>{@link io.skopos.ingest.scrape.ScrapeService} keeps one pool for each scrape config; a pool
 * turns target groups into targets (relabelling) and runs one loop for each. A loop waits for its
 * place in the interval, fetches, parses through its series cache, adds stale markers for what is
 * gone and the {@code up} family, and appends all of it as one batch. Loops wait on their own
 * threads; parsing runs on a few platform threads shared by all.
 */
@NullMarked
package io.skopos.ingest.scrape;

import org.jspecify.annotations.NullMarked;
