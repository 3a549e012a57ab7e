// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import io.skopos.storage.objects.ObjectTooLarge;
import io.skopos.storage.objects.VersionedObject;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One provider's requests, each tried once within {@link RequestDeadline}. What goes wrong is a
 * {@link RequestFailure} that says whether to try again. Keys are whole, the config's prefix
 * included. Thread-safe.
 */
public interface Bucket extends AutoCloseable {

  /** What and where it is, for messages: {@code S3 bucket 'history' at https://...}. */
  String description();

  /**
   * Writes an object.
   *
   * @param writeToken kept with the object, so that it can be told later who wrote it
   * @return its version
   */
  String put(String key, byte[] bytes, PutCondition condition, String writeToken)
      throws IOException;

  /** The whole object; {@link FailureKind#MISSING} when there is none. */
  VersionedObject get(String key, int maxBytes) throws IOException, ObjectTooLarge;

  /**
   * Fills the buffer.
   *
   * @throws EOFException when the object ends before
   */
  void getRange(String key, long offset, ByteBuffer into) throws IOException;

  /** {@link FailureKind#MISSING} when there is none. */
  ObjectHead head(String key) throws IOException;

  /**
   * Objects under the prefix, ascending.
   *
   * @param after empty to begin
   */
  ListPage list(String prefix, String after, int limit) throws IOException;

  /**
   * Removes an object; nothing happens when there is none.
   *
   * @param version when not null, only if it has this version; else a {@link
   *     FailureKind#PRECONDITION}
   */
  void delete(String key, @Nullable String version) throws IOException;

  /** Begins an object in several pieces. */
  Upload upload(String key, String writeToken) throws IOException;

  /** Least bytes of a piece that is not the last. */
  int minPartBytes();

  /** Most pieces of one object. */
  int maxParts();

  @Override
  void close();

  /** An object in several pieces that appears when it is completed. Not thread-safe. */
  interface Upload {

    /**
     * A piece, not the last one. A repetition replaces it.
     *
     * @param number from 1
     * @param offset bytes of all pieces before
     */
    void part(int number, long offset, ByteBuffer bytes) throws IOException;

    /**
     * The last piece; the object appears, if there is none under the key.
     *
     * @param ifAbsent whether the request itself shall say so
     */
    void complete(int number, long offset, ByteBuffer last, boolean ifAbsent) throws IOException;

    /** Drops all pieces. */
    void abort() throws IOException;
  }
}
