// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import io.skopos.storage.objects.ObjectSummary;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a listing.
 *
 * @param next the key after which it goes on, null at the end
 */
public record ListPage(List<ObjectSummary> objects, @Nullable String next) {

  public ListPage {
    objects = List.copyOf(objects);
  }
}
