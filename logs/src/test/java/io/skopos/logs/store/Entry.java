// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import io.skopos.model.Labels;
import java.nio.charset.StandardCharsets;

/** A log entry as the tests expect it: bytes as Latin-1, so that any line is a text. */
record Entry(Labels stream, long timeNs, String line, Labels metadata) {

  byte[] bytes() {
    return line.getBytes(StandardCharsets.ISO_8859_1);
  }
}
