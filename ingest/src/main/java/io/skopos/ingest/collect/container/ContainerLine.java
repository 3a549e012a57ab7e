// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.container;

/**
 * What a runtime's line says: the time, the stream, the content, and whether the content goes on in
 * the next line. Filled again for each line; used by one thread.
 */
public final class ContainerLine {

  /** Where a container printed it. */
  public enum Stream {
    STDOUT,
    STDERR;

    public String key() {
      return this == STDOUT ? "stdout" : "stderr";
    }
  }

  /** Unix nanoseconds. */
  public long timeNs;

  public Stream stream = Stream.STDOUT;

  /** The runtime broke the line here; more of it follows. */
  public boolean partial;

  /** Holds the content; may be the bytes that were read. */
  public byte[] bytes = new byte[0];

  public int from;
  public int length;
}
