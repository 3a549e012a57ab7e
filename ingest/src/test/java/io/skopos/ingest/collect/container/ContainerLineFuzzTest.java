// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.container;

import com.code_intelligence.jazzer.junit.FuzzTest;

class ContainerLineFuzzTest {

  @FuzzTest
  void anyLineIsReadOrRefused(byte[] bytes) {
    ContainerLine line = new ContainerLine();
    if (CriLine.parse(bytes, 0, bytes.length, line)) {
      check(line);
    }
    if (new DockerLine().parse(bytes, 0, bytes.length, line)) {
      check(line);
    }
  }

  private static void check(ContainerLine line) {
    if (line.from < 0 || line.length < 0 || line.from + line.length > line.bytes.length) {
      throw new AssertionError("content outside of the bytes");
    }
  }
}
