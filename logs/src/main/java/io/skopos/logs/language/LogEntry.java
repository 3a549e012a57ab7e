// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

import io.skopos.model.Labels;

/**
 * An entry of an answer.
 *
 * @param labels all its labels, by where they come from; entries of equal labels share the object
 */
public record LogEntry(long timeNs, String line, EntryLabels labels) {

  /**
   * The labels of an entry after its pipeline, taken apart.
   *
   * @param all the three together; names are unique
   * @param stream what is left of the stream's own
   * @param metadata what is left of its structured metadata
   * @param parsed what stages added or changed
   */
  public record EntryLabels(Labels all, Labels stream, Labels metadata, Labels parsed) {}
}
