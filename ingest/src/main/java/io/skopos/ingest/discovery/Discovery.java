// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery;

/** Finds targets on threads of its own until closed. */
public interface Discovery extends AutoCloseable {

  /** Ends it; does not wait for requests under way. */
  @Override
  void close();
}
