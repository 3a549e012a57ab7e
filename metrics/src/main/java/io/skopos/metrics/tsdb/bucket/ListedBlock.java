// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import io.skopos.model.TenantId;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A block as a listing of its bucket shows it.
 *
 * @param folder the tenant's folder; empty for a bucket without tenants
 * @param tenant whose it is; null when the folder is none of ours or there is none
 * @param sizes of its files, by their names below the block
 * @param marked whether it is marked for deletion
 */
public record ListedBlock(
    String folder,
    @Nullable TenantId tenant,
    String ulid,
    Map<String, Long> sizes,
    boolean marked) {

  public ListedBlock {
    sizes = Map.copyOf(sizes);
  }

  /** What the keys of its files begin with. */
  public String key() {
    return folder.isEmpty() ? ulid : folder + "/" + ulid;
  }

  /** Whether it was wholly written: meta.json is the last file that comes. */
  public boolean isWhole() {
    return sizes.containsKey("meta.json") && sizes.containsKey("index");
  }

  List<String> segments() {
    return sizes.keySet().stream().filter(name -> name.matches("chunks/[0-9]+")).sorted().toList();
  }
}
