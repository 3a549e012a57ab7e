// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.receive;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.wire.RowSink;
import io.skopos.model.Label;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.serving.append.Appends;
import io.skopos.storage.Intake;
import io.skopos.storage.WriteRefused;
import io.skopos.web.HttpError;
import io.skopos.web.receive.Receipts;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.LabelBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * Rows of one sender on their way to the intake, appended in pieces while the body is being read,
 * so that a large one needs little memory beside it. Not thread-safe.
 */
final class ReceivedRows implements RowSink {

  private static final int PIECE_ROWS = 20_000;
  private static final int MAX_REASONS = 5;
  private static final int EXTRA = NAME + 1;

  private final Intake intake;
  private final Receipts receipts;
  private final TenantId tenant;
  private final String protocol;
  private final List<Label> extraLabels;
  private final LabelBuffer labels = new LabelBuffer();
  private final SampleBatch batch = new SampleBatch();
  private final List<Problem> problems = new ArrayList<>(0);
  private final int maxProblems;
  private long pending;
  private long kept;
  private long refused;

  /**
   * What is wrong with a line.
   *
   * @param line 0 when it is not known, as of rows the intake left out
   */
  record Problem(long line, String text) {
    @Override
    public String toString() {
      return line == 0 ? text : "line " + line + ": " + text;
    }
  }

  /**
   * @param extraLabels set over what the sender wrote
   */
  ReceivedRows(
      Intake intake, Receipts receipts, TenantId tenant, String protocol, List<Label> extraLabels) {
    this(intake, receipts, tenant, protocol, extraLabels, MAX_REASONS);
  }

  /**
   * @param maxProblems how many are remembered
   */
  ReceivedRows(
      Intake intake,
      Receipts receipts,
      TenantId tenant,
      String protocol,
      List<Label> extraLabels,
      int maxProblems) {
    this.intake = intake;
    this.receipts = receipts;
    this.tenant = tenant;
    this.protocol = protocol;
    this.extraLabels = extraLabels;
    this.maxProblems = maxProblems;
  }

  @Override
  public LabelBuffer labels() {
    return labels;
  }

  @Override
  public void row(long line, long timeMs, double value) {
    if (!TimeRange.STORABLE.contains(timeMs)) {
      refuse(
          line,
          Rejection.TIME,
          "its time is not in the years 1 to 9999; is its unit the right one?");
      return;
    }
    long mark = labels.mark();
    for (Label label : extraLabels) {
      labels.add(EXTRA, label.name(), label.value());
    }
    String problem = labels.canonicalize();
    if (problem != null) {
      refuse(line, Rejection.LABELS, problem);
    } else {
      batch.series(labels.canonical(), 0, labels.canonicalLength());
      batch.sample(timeMs, value);
      pending++;
    }
    labels.rewind(mark);
    if (pending >= PIECE_ROWS) {
      flush();
    }
  }

  @Override
  public void bad(long line, String problem) {
    refuse(line, Rejection.MALFORMED, problem);
  }

  private void refuse(long line, Rejection kind, String text) {
    refused++;
    Problem problem = new Problem(line, text);
    if (problems.size() < maxProblems) {
      problems.add(problem);
    }
    receipts.rejected(tenant, protocol, kind, 1, problem.toString());
  }

  /** Appends what has come since the last time. */
  void flush() {
    if (pending == 0) {
      return;
    }
    WriteRefused left;
    try {
      left = Appends.awaitPartly(intake.append(tenant, batch));
    } catch (HttpError e) {
      Rejection kind = e.status() == 503 ? Rejection.UNAVAILABLE : Rejection.LIMIT;
      receipts.rejected(tenant, protocol, kind, pending, e.getMessage());
      throw kept == 0 ? e : e.withMessage(e.getMessage() + "; " + kept + " rows were kept before");
    }
    long leftOut = 0;
    if (left != null && !left.isAccepted()) {
      leftOut = Math.min(pending, left.refusedRows());
      refused += leftOut;
      String text = String.valueOf(left.getMessage());
      if (problems.size() < maxProblems) {
        problems.add(new Problem(0, text));
      }
      receipts.rejected(tenant, protocol, Rejection.LIMIT, leftOut, text);
    }
    receipts.accepted(tenant, protocol, pending - leftOut);
    kept += pending - leftOut;
    pending = 0;
    batch.clear();
  }

  /** Forgets rows that an append has refused, so that later ones may be sent. */
  void drop() {
    pending = 0;
    batch.clear();
  }

  long kept() {
    return kept;
  }

  long refused() {
    return refused;
  }

  /** The first of them. */
  List<Problem> problems() {
    return problems;
  }

  /** One line for the sender. */
  String summary() {
    return "kept "
        + kept
        + " rows, refused "
        + refused
        + "; first reasons: "
        + String.join("; ", problems.stream().map(Problem::toString).toList());
  }
}
