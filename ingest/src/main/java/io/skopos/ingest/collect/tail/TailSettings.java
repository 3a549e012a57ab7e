// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

/**
 * Bounds of following files.
 *
 * @param pollMs how often all files and directories are looked at, whatever the system tells
 * @param leavingMs how long a file is read that has left its path and gets no more
 * @param maxFiles followed at once; further ones are named as left out
 * @param maxOpenFiles of those, open at once; files at rest are closed first
 * @param maxLineBytes of a line; what is longer is split, or cut
 * @param cutLongLines whether long lines are cut rather than split
 * @param bytesInFlight entries that may wait for the store
 */
public record TailSettings(
    long pollMs,
    long leavingMs,
    int maxFiles,
    int maxOpenFiles,
    int maxLineBytes,
    boolean cutLongLines,
    long bytesInFlight) {}
