// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.disk;

import java.util.TreeMap;

/** A directory: its entries as processes see them, and those a crash is sure to leave. */
final class SimulatedDirectory {

  /** Values are {@link SimulatedFile} or {@link SimulatedDirectory}. */
  final TreeMap<String, Object> entries = new TreeMap<>();

  final TreeMap<String, Object> durable = new TreeMap<>();
}
