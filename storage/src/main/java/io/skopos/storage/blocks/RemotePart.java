// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.blocks;

/**
 * Where a part lies in the bucket.
 *
 * @param key the bucket's key of the object
 * @param offset where the part begins in it
 * @param length its bytes
 */
public record RemotePart(String key, long offset, long length) {}
