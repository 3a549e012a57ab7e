// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;

/** Reads {@code google.protobuf.Timestamp}. */
final class ProtobufTime {

  private static final String TIMESTAMP = "Timestamp";

  private ProtobufTime() {}

  /** Unix milliseconds, from where {@code in} stands to {@code end}. */
  static long read(ProtobufReader in, int end) throws MalformedMessage {
    long seconds = 0;
    long nanos = 0;
    while (in.at < end) {
      int tag = in.tag(end, TIMESTAMP);
      switch (tag) {
        case 1 << 3 -> seconds = in.varint(end, "a timestamp's seconds");
        case 2 << 3 -> nanos = in.varint(end, "a timestamp's nanoseconds");
        default -> {
          if (tag >>> 3 <= 2) {
            throw in.wrongType(tag, TIMESTAMP);
          }
          in.skip(tag, end, TIMESTAMP);
        }
      }
    }
    return seconds * 1000 + Math.floorDiv((int) nanos, 1_000_000);
  }
}
