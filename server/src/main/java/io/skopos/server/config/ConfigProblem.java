// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

/**
 * Something in the config a person must change.
 *
 * @param where file and line, or {@code --set}; empty when the message says it
 * @param path the dotted key, empty for the file as a whole
 */
public record ConfigProblem(String where, String path, String message) {

  @Override
  public String toString() {
    return (where.isEmpty() ? "" : where + ": ") + (path.isEmpty() ? "" : path + ": ") + message;
  }
}
