// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.conformance;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.SampleSource;
import io.skopos.model.TenantId;

/** Where a script's samples go and are asked for. A script's reset is a tenant of its own. */
interface ScriptStore {

  SampleSource source();

  /** Readable when this returns. */
  void write(TenantId tenant, SampleBatch batch);
}
