// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect;

import com.fasterxml.jackson.core.JsonGenerator;
import io.skopos.ingest.collect.tail.FileStatus;
import io.skopos.ingest.discovery.Discoveries;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.web.ErrorShape;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/collect/targets}: the files that are followed and how far, those that match
 * and are left out and why, journals, syslog addresses, and targets that come to no files. Other
 * tenants than the collector's see nothing.
 */
public final class CollectRoutes {

  private final AtomicReference<@Nullable Collector> collector = new AtomicReference<>();

  public void register(Routes routes) {
    routes.family(ErrorShape.JSON, Right.READ).get("/api/v1/collect/targets", this::targets);
  }

  /** Shows what this one collects from now on. */
  public void show(Collector running) {
    collector.set(running);
  }

  private Response targets(Request request) {
    Collector running = collector.get();
    boolean shown = running != null && request.tenant().equals(running.tenant());
    CollectStatus status = shown && running != null ? running.status() : null;
    return Response.json(200, json -> write(json, status));
  }

  private static void write(JsonGenerator json, @Nullable CollectStatus status) throws IOException {
    json.writeStartObject();
    json.writeStringField("status", "success");
    json.writeObjectFieldStart("data");
    json.writeBooleanField("enabled", status != null);
    if (status != null) {
      json.writeStringField("waiting", status.waiting());
      json.writeStringField("lastRefusal", status.refused());
      files(json, status);
      json.writeArrayFieldStart("listening");
      for (CollectStatus.Listening one : status.listening()) {
        json.writeStartObject();
        json.writeStringField("job", one.job());
        json.writeStringField("source", one.source());
        json.writeNumberField("entries", one.entries());
        json.writeStringField("problem", one.problem());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeNumberField("fileTargets", status.targets().followed());
      json.writeArrayFieldStart("droppedTargets");
      for (CollectStatus.DroppedTarget one : status.targets().dropped()) {
        json.writeStartObject();
        json.writeStringField("job", one.job());
        labels(json, "discoveredLabels", one.labels());
        json.writeStringField("reason", one.reason());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeArrayFieldStart("discoveries");
      for (Discoveries.Status one : status.discoveries()) {
        json.writeStartObject();
        json.writeStringField("kind", one.kind());
        json.writeNumberField("targets", one.targets());
        json.writeStringField("problem", one.problem());
        json.writeEndObject();
      }
      json.writeEndArray();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void files(JsonGenerator json, CollectStatus status) throws IOException {
    json.writeArrayFieldStart("files");
    for (FileStatus file : status.files()) {
      json.writeStartObject();
      json.writeStringField("job", file.job());
      json.writeStringField("path", file.path());
      json.writeStringField("state", file.state());
      json.writeNumberField("storedBytes", file.stored());
      if (file.size() >= 0) {
        json.writeNumberField("size", file.size());
      }
      labels(json, "labels", file.labels());
      json.writeStringField("problem", file.problem());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("leftOut");
    for (FileStatus.LeftOut file : status.leftOut()) {
      json.writeStartObject();
      json.writeStringField("job", file.job());
      json.writeStringField("path", file.path());
      json.writeStringField("reason", file.reason());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void labels(JsonGenerator json, String field, Labels labels) throws IOException {
    json.writeObjectFieldStart(field);
    for (Label label : labels) {
      json.writeStringField(label.name(), label.value());
    }
    json.writeEndObject();
  }
}
