// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** A form of exposition a target may be asked for; the keys are Prometheus'. */
public enum ScrapeProtocol {
  PROTOBUF(
      "PrometheusProto",
      "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited"),
  TEXT_0_0_4("PrometheusText0.0.4", "text/plain;version=0.0.4"),
  TEXT_1_0_0("PrometheusText1.0.0", "text/plain;version=1.0.0"),
  OPENMETRICS_0_0_1("OpenMetricsText0.0.1", "application/openmetrics-text;version=0.0.1"),
  OPENMETRICS_1_0_0("OpenMetricsText1.0.0", "application/openmetrics-text;version=1.0.0");

  static final List<ScrapeProtocol> DEFAULT =
      List.of(OPENMETRICS_1_0_0, OPENMETRICS_0_0_1, TEXT_1_0_0, TEXT_0_0_4);

  /** Native histograms exist in protobuf only. */
  static final List<ScrapeProtocol> PROTOBUF_FIRST =
      List.of(PROTOBUF, OPENMETRICS_1_0_0, OPENMETRICS_0_0_1, TEXT_1_0_0, TEXT_0_0_4);

  private final String key;
  private final String mediaType;

  ScrapeProtocol(String key, String mediaType) {
    this.key = key;
    this.mediaType = mediaType;
  }

  static ScrapeProtocol parse(String text) {
    for (ScrapeProtocol protocol : values()) {
      if (protocol.key.equals(text)) {
        return protocol;
      }
    }
    throw new IllegalArgumentException(
        "'"
            + text
            + "' is no scrape protocol; there are "
            + Arrays.stream(values()).map(p -> p.key).collect(Collectors.joining(", ")));
  }

  /** The Accept header that asks for these, the first most of all. */
  public static String accept(List<ScrapeProtocol> protocols, String escaping) {
    StringBuilder header = new StringBuilder();
    int weight = values().length + 1;
    for (ScrapeProtocol protocol : protocols) {
      header.append(protocol.mediaType);
      if (protocol == TEXT_1_0_0 || protocol == OPENMETRICS_1_0_0) {
        header.append(";escaping=").append(escaping);
      }
      header.append(";q=0.").append(weight--).append(',');
    }
    return header.append("*/*;q=0.").append(weight).toString();
  }
}
