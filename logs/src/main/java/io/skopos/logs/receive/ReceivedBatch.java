// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.receive;

import io.skopos.logs.store.LogBatch;
import io.skopos.logs.wire.PushReport;
import io.skopos.model.TenantId;
import io.skopos.serving.append.Appends;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.web.HttpError;
import io.skopos.web.receive.Receipts;
import io.skopos.web.receive.Rejection;
import org.jspecify.annotations.Nullable;

/** Hands a batch to the intake and tells the receipts what became of it. Thread-safe. */
final class ReceivedBatch {

  private final Intake intake;
  private final Receipts receipts;
  private final String protocol;

  ReceivedBatch(Intake intake, Receipts receipts, String protocol) {
    this.intake = intake;
    this.receipts = receipts;
    this.protocol = protocol;
  }

  /**
   * Returns when what is kept is durable.
   *
   * @return what limits left out; null when all was kept
   * @throws HttpError when nothing was kept
   */
  @Nullable WriteRefused append(TenantId tenant, LogBatch batch) {
    long rows = batch.rows();
    if (rows == 0) {
      return null;
    }
    WriteRefused left;
    try {
      left = Appends.awaitPartly(intake.append(tenant, batch));
    } catch (HttpError e) {
      Rejection kind = e.status() == 503 ? Rejection.UNAVAILABLE : Rejection.LIMIT;
      receipts.rejected(tenant, protocol, kind, rows, e.getMessage());
      throw e;
    }
    if (left == null || left.isAccepted()) {
      receipts.accepted(tenant, protocol, rows);
      return null;
    }
    receipts.accepted(tenant, protocol, left.keptRows());
    receipts.rejected(
        tenant, protocol, Rejection.LIMIT, left.refusedRows(), String.valueOf(left.getMessage()));
    return left;
  }

  /** What the decoder left out. */
  void rejected(TenantId tenant, PushReport report) {
    report
        .rejectedByKind()
        .forEach((kind, count) ->
            receipts.rejected(tenant, protocol, kind, count, report.firstReason(kind)));
  }

  HttpError malformed(TenantId tenant, @Nullable String problem) {
    String message = problem + "; nothing of the request was kept";
    receipts.rejected(tenant, protocol, Rejection.MALFORMED, 1, message);
    return HttpError.badData(message);
  }
}
