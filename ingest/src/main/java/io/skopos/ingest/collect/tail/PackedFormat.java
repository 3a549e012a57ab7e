// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

/** How a file is compressed, by the names of Promtail's {@code decompression.format}. */
public enum PackedFormat {
  GZ,
  Z
}
