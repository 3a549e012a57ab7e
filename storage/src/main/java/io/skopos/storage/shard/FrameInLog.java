// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.shard;

import io.skopos.model.UtcDay;
import io.skopos.storage.AppendedFrame;
import io.skopos.storage.Frame;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.Manifests;

/** Asks the manifests only for what was read back: a new frame's rows are in no part. */
record FrameInLog(Frame frame, long position, boolean replayed, Manifests manifests)
    implements AppendedFrame {

  @Override
  public boolean alreadyInParts(int utcDayNumber) {
    if (!replayed) {
      return false;
    }
    Manifest manifest = manifests.get(frame.tenant(), frame.signal(), new UtcDay(utcDayNumber));
    return manifest != null
        && frame.shard() < manifest.covered().length
        && manifest.covered()[frame.shard()] >= position;
  }
}
