// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.logs.language.LogEntry.EntryLabels;
import io.skopos.logs.language.pipeline.EntryState;

/** The labels an entry is left with, by where they come from. */
final class EntryParts {

  private EntryParts() {}

  static EntryLabels of(EntryState entry) {
    return new EntryLabels(
        entry.labels(), entry.streamLabels(), entry.metadataLabels(), entry.parsedLabels());
  }
}
