// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;

/** Reads points of one kind and hands their samples to the sink. */
interface PointReader {

  /**
   * Reads the point at the given place; nothing of it goes to the sink when it is rejected.
   *
   * @throws MalformedMessage when the bytes are no such message, which makes the request unusable
   */
  void read(int from, int to, MetricFields metric) throws MalformedMessage, PointRejected;

  /** Notes the place of the message behind a tag and passes over it. */
  static void range(ProtobufReader in, int end, Ranges into) throws MalformedMessage {
    int to = in.enter(end, "a data point's field");
    into.add(in.at, to);
    in.at = to;
  }
}
