// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.directory.BucketBinding;
import io.skopos.storage.manifest.FormerOwner;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.VersionConflict;
import io.skopos.storage.objects.VersionedObject;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A bucket that was taken, for as long as nobody else takes it. Used by one thread. */
final class Ownership {

  private static final int ATTEMPTS = 5;

  private final ObjectStore bucket;
  private final boolean wasThere;
  private final List<String> changedBefore;
  private Ledger ledger;
  private String version;

  private Ownership(ObjectStore bucket, @Nullable Ledger before, Ledger ledger, String version) {
    this.changedBefore = before == null ? List.of() : before.changedKeys();
    this.bucket = bucket;
    this.wasThere = before != null;
    this.ledger = ledger;
    this.version = version;
  }

  /** Who asks, and what for. */
  record Claim(BucketBinding binding, String owner, boolean takesOver) {}

  /**
   * Takes the bucket's next epoch.
   *
   * @throws BucketInUse when it belongs to another data directory and the claim takes nothing over,
   *     or when the directory belongs to another bucket
   */
  static Ownership take(ObjectStore bucket, Claim claim) throws IOException {
    for (int attempt = 1; ; attempt++) {
      VersionedObject present = bucket.get(Ledger.KEY, Ledger.MAX_BYTES);
      try {
        if (present == null) {
          Ledger first = first(claim);
          return new Ownership(bucket, null, first, bucket.putIfAbsent(Ledger.KEY, first.encode()));
        }
        Ledger before = decode(present);
        Ledger next = next(before, claim);
        String version = bucket.replace(Ledger.KEY, present.version(), next.encode());
        return new Ownership(bucket, before, next, version);
      } catch (VersionConflict e) {
        if (attempt == ATTEMPTS) {
          throw new IOException("others keep changing the bucket's ledger: " + e.getMessage(), e);
        }
      }
    }
  }

  /** Null when the bucket has none. */
  static @Nullable Ledger read(ObjectStore bucket) throws IOException {
    VersionedObject present = bucket.get(Ledger.KEY, Ledger.MAX_BYTES);
    return present == null ? null : decode(present);
  }

  private static Ledger decode(VersionedObject object) throws IOException {
    try {
      return Ledger.decode(object.bytes());
    } catch (DamagedBytes e) {
      throw new IOException("the bucket's object '" + Ledger.KEY + "': " + e.getMessage(), e);
    }
  }

  private static Ledger first(Claim claim) throws BucketInUse {
    if (!claim.binding().bucket().isEmpty()) {
      throw new BucketInUse(
          "the bucket has no ledger, but the data directory keeps parts in the bucket with the id "
              + claim.binding().bucket()
              + ": it is another bucket (or prefix), or was emptied");
    }
    return new Ledger(
        BucketBinding.randomId(), claim.binding().writer(), claim.owner(), 1, 0, List.of());
  }

  private static Ledger next(Ledger present, Claim claim) throws BucketInUse {
    String known = claim.binding().bucket();
    if (!known.isEmpty() && !known.equals(present.bucket())) {
      throw new BucketInUse(
          "the bucket has the id "
              + present.bucket()
              + ", but the data directory keeps parts in the bucket with the id "
              + known
              + "; give it that bucket (or prefix)");
    }
    if (!present.writer().equals(claim.binding().writer()) && !claim.takesOver()) {
      throw new BucketInUse(
          "the bucket belongs to another data directory ("
              + present.owner()
              + ", epoch "
              + present.epoch()
              + "); read it with --read-only, give this server another bucket or prefix, or, if"
              + " that server and its disk are gone for good, start with an empty data directory"
              + " and --take-over");
    }
    return new Ledger(
        present.bucket(),
        claim.binding().writer(),
        claim.owner(),
        present.epoch() + 1,
        0,
        List.of());
  }

  String bucketId() {
    return ledger.bucket();
  }

  long epoch() {
    return ledger.epoch();
  }

  /** Keys of the manifests that the owner before changed last; a listing may not show them yet. */
  List<String> changedBefore() {
    return changedBefore;
  }

  /** Whether somebody had it before. */
  boolean wasThere() {
    return wasThere;
  }

  /**
   * Notes what was changed. When it returns this process was the only owner all the time until now.
   *
   * @throws FormerOwner when somebody has taken the bucket over
   */
  void confirm(Collection<String> changedKeys) throws IOException {
    Ledger next = ledger.with(changedKeys);
    for (int attempt = 1; ; attempt++) {
      try {
        version = bucket.replace(Ledger.KEY, version, next.encode());
        ledger = next;
        return;
      } catch (VersionConflict e) {
        VersionedObject present = bucket.get(Ledger.KEY, Ledger.MAX_BYTES);
        Ledger found = present == null ? null : decode(present);
        if (present == null
            || found == null
            || found.epoch() != ledger.epoch()
            || !found.writer().equals(ledger.writer())
            || attempt == ATTEMPTS) {
          throw new FormerOwner(
              "the bucket was taken over by another server ("
                  + (found == null
                      ? "its ledger is gone"
                      : found.owner() + ", epoch " + found.epoch())
                  + "); this one, of epoch "
                  + ledger.epoch()
                  + ", uploads no more");
        }
        // An attempt that seemed to fail has happened all the same.
        version = present.version();
        next = found.with(changedKeys);
      }
    }
  }
}
