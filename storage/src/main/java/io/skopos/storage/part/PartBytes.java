// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.manifest.PartEntry;
import java.io.IOException;
import java.nio.ByteBuffer;

/** The bytes of published parts, wherever they lie. Thread-safe. */
public interface PartBytes {

  /**
   * Fills the buffer with the part's bytes.
   *
   * @param offset from the part's beginning
   * @throws io.skopos.storage.objects.MissingObject when the part is not where the entry says
   * @throws java.io.EOFException when it is shorter than it should be
   */
  void read(PartEntry entry, long offset, ByteBuffer into) throws IOException;

  /** Whether reading may take the time of a request over the network. */
  default boolean isRemote(PartEntry entry) {
    return false;
  }

  /** Says that these bytes will be read soon; does not wait. */
  default void prefetch(PartEntry entry, long offset, long length) {}
}
