// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.pages.Page;
import java.io.IOException;
import java.util.List;

/** An open part; footer verified. Thread-safe, shared by all queries through {@link Parts}. */
public interface PartReader {

  PartEntry entry();

  /** The footer's bytes: not a copy, read only. */
  byte[] footer();

  /**
   * The page's decompressed, verified bytes, from the cache or read now. Close the page after use.
   *
   * @throws DamagedPart when its checksum does not fit
   */
  Page page(PageRef ref) throws IOException;

  /**
   * The same part for one that goes through all of it once: what it reads is not kept in the cache.
   * For one thread.
   */
  PartReader passing();

  /** Whether reading a page may take the time of a request over the network. */
  boolean isRemote();

  /**
   * Says that these pages will be read soon, in ascending order of their places, so that those of a
   * remote part are on their way together; does not wait.
   */
  void prefetch(List<PageRef> pages);

  /**
   * For bytes whose checksum fits and which the wing cannot understand all the same: lists the part
   * under damaged files and gives what to throw.
   *
   * @param offset from the part's beginning
   */
  DamagedPart damaged(long offset, long bytes, String what);
}
