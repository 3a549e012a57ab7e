// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.storage.objects.ObjectStore;
import java.io.IOException;
import java.util.List;

/** What the ledger of a bucket tells about its latest changes, for those who only look. */
public final class RecentChanges {

  private RecentChanges() {}

  /** Keys of the manifests changed last; none when there is no ledger. */
  public static List<String> of(ObjectStore bucket) throws IOException {
    Ledger ledger = Ownership.read(bucket);
    return ledger == null ? List.of() : ledger.changedKeys();
  }
}
