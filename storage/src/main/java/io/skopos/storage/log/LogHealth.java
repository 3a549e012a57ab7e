// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

/**
 * @param writable false while appends are refused
 * @param reason why not, with path and error; empty when writable
 * @param segments how many segments are kept
 * @param keptBytes bytes of all kept segments
 * @param unreleasedBytes bytes appended since the last release, roughly: what a start would read
 * @param queuedBytes bytes waiting to become durable
 * @param oldestUnreleasedMs when the oldest unreleased frame was appended; {@code Long.MAX_VALUE}
 *     when there is none
 */
public record LogHealth(
    boolean writable,
    String reason,
    int segments,
    long keptBytes,
    long unreleasedBytes,
    long queuedBytes,
    long oldestUnreleasedMs) {}
