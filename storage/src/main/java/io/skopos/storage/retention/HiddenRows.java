// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.retention;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Deletion;
import java.util.List;

/**
 * Rows that questions do not see although they are stored: those of series or streams that are kept
 * for less time than others. Each deletion's range begins at the beginning of time. Thread-safe.
 */
@FunctionalInterface
public interface HiddenRows {

  HiddenRows NONE = (_, _) -> List.of();

  /** As of now. */
  List<Deletion> of(TenantId tenant, Signal signal);
}
