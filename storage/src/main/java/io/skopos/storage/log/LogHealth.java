// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

/**
 * @param writable false while appends are refused
 * @param reason why not, with path and error; empty when writable
 * @param segments how many segments are kept
 * @param keptBytes bytes of all kept segments
 * @param appendedBytes bytes handed over since the start, replayed ones included
 * @param queuedBytes bytes waiting to become durable
 */
public record LogHealth(
    boolean writable,
    String reason,
    int segments,
    long keptBytes,
    long appendedBytes,
    long queuedBytes) {}
