// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.disk;

import org.jspecify.annotations.Nullable;

/**
 * A creation, deletion or rename that no directory sync has made durable yet. A rename is one
 * change of two entries and survives whole or not at all.
 *
 * @param node what {@code toName} names afterwards; null when it names nothing
 * @param from where the node lay before a rename; null otherwise
 */
record DirectoryChange(
    SimulatedDirectory to,
    String toName,
    @Nullable Object node,
    @Nullable SimulatedDirectory from,
    String fromName) {

  static DirectoryChange created(SimulatedDirectory directory, String name, Object node) {
    return new DirectoryChange(directory, name, node, null, "");
  }

  static DirectoryChange deleted(SimulatedDirectory directory, String name) {
    return new DirectoryChange(directory, name, null, null, "");
  }

  boolean touches(SimulatedDirectory directory) {
    return to == directory || from == directory;
  }

  @SuppressWarnings("ReferenceEquality") // nodes are inodes
  void makeDurable() {
    if (from != null && from.durable.get(fromName) == node) {
      from.durable.remove(fromName);
    }
    if (node == null) {
      to.durable.remove(toName);
    } else {
      to.durable.put(toName, node);
    }
  }
}
