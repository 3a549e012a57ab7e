// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.pages;

import java.lang.foreign.MemorySegment;

/** A pinned page. Its memory may be reused after {@link #close}; reading it then is a bug. */
public interface Page extends AutoCloseable {

  MemorySegment bytes();

  @Override
  void close();
}
