// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import java.io.IOException;
import java.util.List;

/** What parts of a day lie in the object store, whatever a manifest says. */
@FunctionalInterface
public interface PartsFound {

  /**
   * The readable parts, without those that another one of them replaced, by ascending maxPosition.
   * Parts that cannot be read are reported as damaged and left out.
   */
  List<PartEntry> partsOf(TenantId tenant, Signal signal, UtcDay day) throws IOException;
}
