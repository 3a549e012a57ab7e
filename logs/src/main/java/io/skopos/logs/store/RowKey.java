// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import io.skopos.model.Fingerprint;
import io.skopos.model.Labels;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What makes rows of one stream and time equal: line and metadata. */
public final class RowKey {

  private static final Fingerprint HASH = Fingerprint.random();

  private final byte[] line;
  private final Labels metadata;
  private final int hash;

  public RowKey(byte[] line, Labels metadata) {
    this.line = line;
    this.metadata = metadata;
    this.hash = Long.hashCode(HASH.hash64(line)) * 31 + metadata.hashCode();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof RowKey key
        && hash == key.hash
        && Arrays.equals(line, key.line)
        && metadata.equals(key.metadata);
  }

  @Override
  public int hashCode() {
    return hash;
  }
}
