// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.web;

import io.skopos.ingest.discovery.DiscoveryFailure;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.http.Deadline;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpAnswer;
import io.skopos.ingest.http.HttpCall;
import io.skopos.ingest.http.HttpClient;
import io.skopos.ingest.json.JsonValue;
import io.skopos.model.LabelsBuilder;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Asks a server for a JSON list of target groups. */
final class HttpTargets {

  private static final int MAX_BYTES = 64 << 20;
  private static final Duration TIMEOUT = Duration.ofSeconds(60);

  private final HttpDiscoverySettings settings;
  private final HttpClient client;

  HttpTargets(HttpDiscoverySettings settings, HttpClient client) {
    this.settings = settings;
    this.client = client;
  }

  List<TargetGroup> find() throws DiscoveryFailure, InterruptedException {
    String interval = Long.toString(settings.refreshInterval().toSeconds());
    Map<String, String> headers =
        Map.of("Accept", "application/json", "X-Prometheus-Refresh-Interval-Seconds", interval);
    Duration timeout =
        settings.refreshInterval().compareTo(TIMEOUT) < 0 ? settings.refreshInterval() : TIMEOUT;
    try (HttpAnswer answer =
        client.send(HttpCall.get(settings.url(), headers), Deadline.in(timeout))) {
      if (answer.status() != 200) {
        throw new DiscoveryFailure(settings.url() + " returned HTTP status " + answer.status());
      }
      String type = answer.header("Content-Type");
      if (type == null || !type.toLowerCase(Locale.ROOT).strip().startsWith("application/json")) {
        throw new DiscoveryFailure(
            settings.url() + " sent the Content-Type '" + type + "', not application/json");
      }
      return groups(JsonValue.parse(answer.bytes(MAX_BYTES)));
    } catch (FetchFailure | JsonValue.Malformed e) {
      throw new DiscoveryFailure(settings.url() + ": " + e.getMessage(), e);
    }
  }

  private List<TargetGroup> groups(JsonValue answer) throws DiscoveryFailure {
    if (!answer.isList()) {
      throw new DiscoveryFailure(settings.url() + " sent no list of target groups");
    }
    List<TargetGroup> groups = new ArrayList<>();
    for (JsonValue group : answer.list()) {
      if (!group.isObject()
          || !(group.get("targets").isList() || group.get("targets").isMissing())) {
        throw new DiscoveryFailure(
            settings.url()
                + ": the target group "
                + (groups.size() + 1)
                + " has no list 'targets'");
      }
      LabelsBuilder labels = new LabelsBuilder();
      group
          .get("labels")
          .fields()
          .forEach((name, value) -> {
            if (!name.isEmpty()) {
              labels.set(name, value.text());
            }
          });
      labels.set("__meta_url", settings.url().toString());
      List<String> targets = group.get("targets").list().stream().map(JsonValue::text).toList();
      groups.add(new TargetGroup(targets, labels.build()));
    }
    return groups;
  }
}
