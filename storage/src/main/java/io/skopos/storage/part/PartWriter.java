// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.manifest.PartEntry;
import java.io.IOException;

/**
 * Writes one part, page after page. Not thread-safe. Closing without {@link #finish} removes what
 * was written.
 */
public interface PartWriter extends AutoCloseable {

  /**
   * How a page's bytes are stored. COMPRESSED falls back to RAW when it does not save an eighth.
   */
  enum Codec {
    RAW,
    COMPRESSED,
    /** A higher level, for what is written once and read seldom. */
    COMPRESSED_SMALL
  }

  /** Copies the bytes; the caller may reuse the array. */
  PageRef page(byte[] bytes, int offset, int length, Codec codec) throws IOException;

  /** Bytes written so far. */
  long position();

  /**
   * Writes the wing's footer and the tail, syncs, and makes the object visible under its key.
   *
   * @param footer the wing's own bytes, given back by {@link PartReader#footer}
   */
  PartEntry finish(byte[] footer, Summary summary) throws IOException;

  /** Removes the unfinished part; does nothing after {@link #finish}. */
  @Override
  void close();

  /** What the manifest says about the part; see {@link PartEntry}. */
  record Summary(
      long rows, long minTimeMs, long maxTimeMs, long minPosition, long maxPosition, int level) {}
}
