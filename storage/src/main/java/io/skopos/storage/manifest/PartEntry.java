// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

/**
 * One part as a manifest names it. An object may carry many parts.
 *
 * @param object key in the object store
 * @param offset where the part begins in the object
 * @param length its bytes
 * @param rows how many rows it holds
 * @param minTimeMs earliest row time
 * @param maxTimeMs latest row time
 * @param minPosition least log position whose rows may be inside
 * @param maxPosition greatest; parts are ordered by it, a deletion with a greater position applies
 *     to it
 * @param level how often its rows were merged; 0 as flushed
 */
public record PartEntry(
    String object,
    long offset,
    long length,
    long rows,
    long minTimeMs,
    long maxTimeMs,
    long minPosition,
    long maxPosition,
    int level) {}
