// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.backup;

/**
 * One file of a backup.
 *
 * @param path below the data directory, with slashes
 * @param sha256 of its bytes, in hex
 * @param object the key that holds them
 * @param offset where they begin there
 */
record BackedUpFile(String path, long size, String sha256, String object, long offset) {}
