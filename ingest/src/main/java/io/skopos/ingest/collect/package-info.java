// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Logs collected by the server itself: files that grow, systemd's journal, syslog over the network.
 * {@link io.skopos.ingest.collect.Collector} runs what {@link
 * io.skopos.ingest.collect.config.CollectConfig} says; entries pass a job's stages, are stored
 * through the intake, and only then is written down how far a source was read. {@link
 * io.skopos.ingest.collect.CollectRoutes} shows what is followed and what is not. Nothing here is
 * for logs that others push.
 */
@NullMarked
package io.skopos.ingest.collect;

import org.jspecify.annotations.NullMarked;
