// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.part;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The blocks opened last, by what names them. One that was asked for stays open at least until as
 * many others were, so that runs may be read side by side. Not thread-safe.
 */
public final class OpenBlocks<K> {

  private int most;
  private final Map<K, Block> open = new LinkedHashMap<>(16, 0.75f, true);

  public OpenBlocks(int most) {
    this.most = most;
  }

  /** So many are about to be read side by side. */
  public void expect(int count) {
    most = Math.max(most, count);
  }

  /** Opens a block. */
  @FunctionalInterface
  public interface Opener {
    void open(Block into) throws IOException;
  }

  public Block get(K key, Opener opener) throws IOException {
    Block known = open.get(key);
    if (known != null) {
      return known;
    }
    Block block = new Block();
    if (open.size() >= most) {
      K eldest = open.keySet().iterator().next();
      Block reused = open.remove(eldest);
      block = reused == null ? block : reused;
    }
    opener.open(block);
    open.put(key, block);
    return block;
  }
}
