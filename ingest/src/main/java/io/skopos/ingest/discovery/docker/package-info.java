/**
 * Targets a Docker daemon runs ({@code docker_sd_configs}): its containers, and what a swarm runs
 * ({@code dockerswarm_sd_configs}): nodes, services, tasks. Asked for at intervals over the
 * daemon's Unix socket or the network.
 */
@NullMarked
package io.skopos.ingest.discovery.docker;

import org.jspecify.annotations.NullMarked;
