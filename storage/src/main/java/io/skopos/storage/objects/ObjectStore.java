// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Objects under keys. An object appears whole or not at all; once a writing call has returned
 * normally the object is durable and every later call sees it. When one fails with an {@link
 * IOException} other than {@link VersionConflict}, the object may have been written or not: read it
 * again before building on it.
 *
 * <p>A key is 1 to 1024 characters: segments of letters, digits and {@code ! - _ . * ' ( )},
 * separated by {@code /}, each at most 255 long and neither {@code .} nor {@code ..}; anything else
 * is an {@link IllegalArgumentException}. A key is never also the folder of another.
 *
 * <p>A version stands for the content and is opaque; equal content may have an equal version (as an
 * ETag of S3), so content that is swapped carries a number of its own when that matters.
 *
 * <p>Thread-safe. Errors name the key and the store.
 */
public interface ObjectStore {

  /** Most bytes of an object that is written or read in one piece. */
  int MAX_WHOLE_BYTES = 64 << 20;

  /** Starts an object of any size that appears under its key when it is finished. */
  ObjectWriter create(String key) throws IOException;

  /**
   * Writes the object, replacing any other.
   *
   * @return its version
   */
  String put(String key, byte[] bytes) throws IOException;

  /**
   * Writes the object if there is none under the key (S3: {@code If-None-Match: *}).
   *
   * @throws VersionConflict when there is one
   */
  String putIfAbsent(String key, byte[] bytes) throws IOException;

  /**
   * Writes the object if the present one has the expected version (S3: {@code If-Match}).
   *
   * @throws VersionConflict when it has another or is gone
   */
  String replace(String key, String expectedVersion, byte[] bytes) throws IOException;

  /**
   * The whole object and its version, or null when there is none.
   *
   * @throws ObjectTooLarge when it has more than {@code maxBytes}, before anything is read
   */
  @Nullable VersionedObject get(String key, int maxBytes) throws IOException;

  /**
   * Fills the buffer from {@code offset}; an end of the object before that is an {@link
   * java.io.EOFException}, a missing one a {@link MissingObject}. Meant for objects that are never
   * replaced.
   */
  void getRange(String key, long offset, ByteBuffer into) throws IOException;

  /** Bytes of the object; empty when there is none. */
  OptionalLong size(String key) throws IOException;

  /**
   * Up to {@code limit} objects whose keys begin with {@code prefix} and come behind {@code after},
   * in ascending order of the keys' characters. Continue with the last key until a page is empty.
   *
   * @param after empty to begin
   */
  List<ObjectSummary> list(String prefix, String after, int limit) throws IOException;

  /**
   * Makes durable whatever is visible under the prefix. A process that was killed may have left an
   * object visible that a crash of the machine would still take away; who is about to build on what
   * it found (skip the log up to it, remove what it no longer names) settles it first. Meant for
   * the start; a store whose objects are durable once visible, as S3, has nothing to do.
   */
  void settle(String prefix) throws IOException;

  /** True when there was one. */
  boolean delete(String key) throws IOException;

  /**
   * Removes the object if it has the expected version (S3: {@code DELETE} with {@code If-Match}).
   *
   * @throws VersionConflict when it has another or is gone
   */
  void delete(String key, String expectedVersion) throws IOException;
}
