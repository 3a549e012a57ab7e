/**
 * Targets a Docker daemon runs ({@code docker_sd_configs}): its containers, asked for at intervals
 * over the daemon's Unix socket or the network.
 */
@NullMarked
package io.skopos.ingest.discovery.docker;

import org.jspecify.annotations.NullMarked;
