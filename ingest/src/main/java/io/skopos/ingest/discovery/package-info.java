/**
 * Where targets are found. A kind of discovery has a package of its own below; its {@link
 * io.skopos.ingest.discovery.DiscoverySettings} starts a {@link
 * io.skopos.ingest.discovery.Discovery}, which puts what it finds into {@link
 * io.skopos.ingest.discovery.DiscoveredTargets}: the last good answer, bounded, with metrics.
 * {@link io.skopos.ingest.discovery.Discoveries} runs one for each distinct setting. What becomes
 * of the target groups is scraping's business.
 */
@NullMarked
package io.skopos.ingest.discovery;

import org.jspecify.annotations.NullMarked;
