// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.storage.blocks.BlockCache;
import io.skopos.storage.blocks.RemotePart;
import io.skopos.storage.manifest.BucketKeys;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.objects.MissingObject;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.part.PartBytes;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Parts of the data directory, and those of the bucket through the local cache. */
public final class TieredBytes implements PartBytes {

  private final ObjectStore objects;
  private final @Nullable BlockCache cache;
  private final boolean isFollower;

  /**
   * @param cache null without a bucket
   * @param isFollower whether somebody else may have removed a part since its manifest was read
   */
  public TieredBytes(ObjectStore objects, @Nullable BlockCache cache, boolean isFollower) {
    this.objects = objects;
    this.cache = cache;
    this.isFollower = isFollower;
  }

  @Override
  public void read(PartEntry entry, long offset, ByteBuffer into) throws IOException {
    if (!isRemote(entry)) {
      objects.getRange(entry.object(), entry.offset() + offset, into);
      return;
    }
    if (cache == null) {
      throw new IOException(
          "part "
              + entry.object()
              + " lies in a bucket, but storage.object_store names none; configure it again");
    }
    try {
      cache.read(remote(entry), offset, into);
    } catch (MissingObject e) {
      if (isFollower) {
        throw new IOException(
            "part "
                + entry.object()
                + " was replaced by the bucket's owner and is gone; ask again after the next poll",
            e);
      }
      throw e;
    }
  }

  @Override
  public boolean isRemote(PartEntry entry) {
    return BucketKeys.isInBucket(entry.object());
  }

  @Override
  public void prefetch(PartEntry entry, long offset, long length) {
    if (cache != null && isRemote(entry)) {
      cache.prefetch(remote(entry), offset, length);
    }
  }

  private static RemotePart remote(PartEntry entry) {
    return new RemotePart(BucketKeys.inBucket(entry.object()), entry.offset(), entry.length());
  }
}
