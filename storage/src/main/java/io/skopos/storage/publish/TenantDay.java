// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.publish;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;

/** What a manifest is about. */
public record TenantDay(TenantId tenant, Signal signal, UtcDay day) {

  @Override
  public String toString() {
    return signal.key() + " of tenant " + tenant + " on " + day;
  }
}
