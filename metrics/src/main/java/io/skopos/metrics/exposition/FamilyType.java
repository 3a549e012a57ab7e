// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

/** What a TYPE line says. Compared by identity: a line that was met before is the same object. */
final class FamilyType {

  final String name;
  final String type;

  FamilyType(String name, String type) {
    this.name = name;
    this.type = type;
  }
}
