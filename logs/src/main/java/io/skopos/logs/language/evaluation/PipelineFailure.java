// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.engine.QueryFailed;
import io.skopos.logs.language.pipeline.EntryState;
import io.skopos.model.Labels;

/** What a metric query is told when an entry could not be parsed or its value not be read. */
final class PipelineFailure {

  private PipelineFailure() {}

  static QueryFailed of(Labels labels) {
    String error = labels.getOrEmpty(EntryState.ERROR);
    return new QueryFailed(
        "pipeline error: '"
            + error
            + "' for series: '"
            + labels
            + "'.\nUse a label filter to intentionally skip this error. (e.g | __error__!=\""
            + error
            + "\").\nTo skip all potential errors you can match empty errors."
            + "(e.g __error__=\"\")\n"
            + "The label filter can also be specified after unwrap. (e.g | unwrap latency |"
            + " __error__=\"\" )\n");
  }
}
