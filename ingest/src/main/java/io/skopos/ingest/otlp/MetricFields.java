// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import java.nio.charset.StandardCharsets;

/**
 * What the points of one metric have in common.
 *
 * @param name translated, as series carry it
 * @param delta whether points count since the point before, not since a start that stays
 */
record MetricFields(
    String name, byte[] nameBytes, byte[] count, byte[] sum, byte[] bucket, boolean delta) {

  static MetricFields of(String name, boolean delta) {
    return new MetricFields(
        name,
        utf8(name),
        utf8(name + "_count"),
        utf8(name + "_sum"),
        utf8(name + "_bucket"),
        delta);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
