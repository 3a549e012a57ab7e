// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.storage.manifest.FollowedManifests;
import io.skopos.storage.objects.ObjectStore;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps a reader's manifests like the bucket's. The ledger names what changed; when it names too
 * little, when the owner changed, and now and then for safety, everything is read. Used by one
 * thread, but for the status.
 */
public final class LedgerFollower {

  private static final long REFRESH_MS = Duration.ofMinutes(30).toMillis();

  private final ObjectStore bucket;
  private final FollowedManifests manifests;
  private final InstantSource clock;
  private @Nullable Ledger known;
  private long refreshedMs;
  private volatile long lastPollMs;
  private volatile String owner = "";
  private volatile String lastError = "";

  public LedgerFollower(ObjectStore bucket, FollowedManifests manifests, InstantSource clock) {
    this.bucket = bucket;
    this.manifests = manifests;
    this.clock = clock;
  }

  /** Reads what changed since the last poll that went well. */
  public void poll() throws IOException {
    try {
      Ledger now = Ownership.read(bucket);
      if (now == null) {
        throw new IOException(
            "the bucket has no object '"
                + Ledger.KEY
                + "': it is no bucket of Skopos, or another prefix");
      }
      long nowMs = clock.millis();
      if (needsAll(now) || nowMs - refreshedMs >= REFRESH_MS || nowMs < refreshedMs) {
        manifests.refresh();
        refreshedMs = nowMs;
      } else {
        manifests.refresh(changedSince(now));
      }
      known = now;
      owner = now.owner() + ", epoch " + now.epoch();
      lastPollMs = nowMs;
      lastError = "";
    } catch (IOException e) {
      lastError = String.valueOf(e.getMessage());
      throw e;
    }
  }

  private boolean needsAll(Ledger now) {
    Ledger before = known;
    return before == null
        || before.epoch() != now.epoch()
        || now.sequence() < before.sequence()
        || (now.sequence() > before.sequence() && now.listedFrom() > before.sequence() + 1);
  }

  private List<String> changedSince(Ledger now) {
    long before = known == null ? -1 : known.sequence();
    return now.changes().stream()
        .filter(change -> change.sequence() > before)
        .map(Ledger.Change::key)
        .toList();
  }

  public TieringStatus status() {
    return new TieringStatus(lastError.isEmpty(), 0, owner, 0, 0, 0, 0, 0, lastPollMs, lastError);
  }
}
