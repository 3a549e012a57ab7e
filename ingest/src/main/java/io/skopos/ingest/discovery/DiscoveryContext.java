// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery;

import io.skopos.ingest.http.HttpThreads;
import java.util.concurrent.ThreadFactory;

/**
 * What discoveries share.
 *
 * @param waiting makes threads that mostly wait
 * @param maxTargets that one discovery may find; an answer with more is not used
 */
public record DiscoveryContext(
    HttpThreads http, String userAgent, ThreadFactory waiting, int maxTargets) {}
