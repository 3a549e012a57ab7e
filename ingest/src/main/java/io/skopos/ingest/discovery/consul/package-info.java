/**
 * Targets in Consul ({@code consul_sd_configs}): the catalog and the health of services, followed
 * by blocking queries, so that a change is seen when it happens and rest costs nothing.
 */
@NullMarked
package io.skopos.ingest.discovery.consul;

import org.jspecify.annotations.NullMarked;
