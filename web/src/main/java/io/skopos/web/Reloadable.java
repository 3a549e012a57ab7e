// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import java.io.IOException;
import java.nio.file.Path;

/** Settings kept in files of their own that may change while the server runs. Thread-safe. */
public interface Reloadable {

  Path[] files();

  /** Reads the files again; on failure what was in force stays in force. */
  void reload() throws IOException;
}
