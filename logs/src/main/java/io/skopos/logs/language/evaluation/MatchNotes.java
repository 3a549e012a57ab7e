// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.engine.binary.OperatorNotes;
import io.skopos.model.Labels;

/** What Loki says when series do not match one to one. */
enum MatchNotes implements OperatorNotes {
  INSTANCE;

  @Override
  public String duplicateSeries(Labels group, boolean onLeft, Labels first, Labels second) {
    return "found duplicate series on the "
        + (onLeft ? "left" : "right")
        + " hand-side;many-to-many matching not allowed: matching labels must be unique on one"
        + " side";
  }
}
