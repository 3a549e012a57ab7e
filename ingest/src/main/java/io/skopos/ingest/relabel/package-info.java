/**
 * Relabelling with Prometheus' rules: of targets before they are scraped, of series before they are
 * stored. {@link io.skopos.ingest.relabel.RelabelRule} is one rule as configured, {@link
 * io.skopos.ingest.relabel.Relabelling} a compiled list of them. Pure: labels in, labels out.
 */
@NullMarked
package io.skopos.ingest.relabel;

import org.jspecify.annotations.NullMarked;
