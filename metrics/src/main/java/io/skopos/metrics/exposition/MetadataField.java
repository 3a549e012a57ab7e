// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

/** What a metadata line tells about a metric family. */
public enum MetadataField {
  TYPE,
  HELP,
  UNIT
}
