// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.inspect;

import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.part.PartBytes;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Reads parts front to back in large pieces. Not thread-safe. */
final class ReadAhead implements PartBytes {

  private static final int PIECE = 8 << 20;

  private final ObjectStore store;
  private final ByteBuffer piece = ByteBuffer.allocate(PIECE);
  private String object = "";
  private long begin;

  ReadAhead(ObjectStore store) {
    this.store = store;
    piece.limit(0);
  }

  @Override
  public void read(PartEntry entry, long offset, ByteBuffer into) throws IOException {
    long at = entry.offset() + offset;
    int wanted = into.remaining();
    if (wanted > PIECE || offset + wanted > entry.length()) {
      store.getRange(entry.object(), at, into);
      return;
    }
    boolean there =
        object.equals(entry.object()) && at >= begin && at + wanted <= begin + piece.limit();
    if (!there) {
      object = "";
      piece.clear().limit((int) Math.min(PIECE, entry.length() - offset));
      store.getRange(entry.object(), at, piece);
      piece.flip();
      object = entry.object();
      begin = at;
    }
    into.put(piece.slice((int) (at - begin), wanted));
  }
}
