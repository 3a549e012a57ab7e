// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import java.time.InstantSource;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.function.LongSupplier;

/**
 * What all loops of a service share.
 *
 * @param oldestKeptMs the earliest time the retention keeps
 * @param waiting makes the threads that wait for turns and answers
 * @param parsing the platform threads bodies are parsed on
 */
record ScrapeContext(
    TenantId tenant,
    Intake intake,
    InstantSource clock,
    LongSupplier oldestKeptMs,
    ScrapeSettings settings,
    ScrapeMetrics metrics,
    ThreadFactory waiting,
    ExecutorService parsing,
    ScrapeBuffers.Pool buffers) {}
