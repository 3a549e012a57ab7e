// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import java.util.concurrent.CompletableFuture;

/**
 * The one way in. Everything that can refuse a write runs before the log: once the returned future
 * has completed normally the rows are durable and visible to queries, and nothing refuses them
 * afterwards.
 *
 * <p>Thread-safe. The future completes exceptionally with {@link WriteRefused} (the caller's fault
 * or a limit; what of the batch was kept all the same is then durable, told by {@link
 * WriteRefused#keptRows}) or {@link WriteUnavailable} (the disk or log cannot take it now; retry).
 */
public interface Intake {

  /** Takes over {@code batch} until the future completes. */
  CompletableFuture<Void> append(TenantId tenant, Batch batch);

  /** Hides the matching rows that were appended before; completes when durable and in force. */
  CompletableFuture<Void> delete(TenantId tenant, Signal signal, Deletion deletion);
}
