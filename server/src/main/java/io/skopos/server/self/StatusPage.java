// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.self;

import com.fasterxml.jackson.core.JsonGenerator;
import io.skopos.model.TimeRange;
import io.skopos.server.imported.ImportedBucket;
import io.skopos.storage.Ground;
import io.skopos.storage.GroundStatus;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.log.ReplayReport;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.tiering.TieringStatus;
import io.skopos.web.ErrorShape;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /api/v1/status/skopos}: storage, memory, damaged files, and what of the config does
 * nothing yet.
 */
public final class StatusPage {

  private final Ground ground;
  private final MemoryBudget memory;
  private final ProcessView process;
  private final @Nullable ImportedBucket imported;

  /**
   * @param imported null when there is none
   */
  public StatusPage(
      Ground ground, MemoryBudget memory, ProcessView process, @Nullable ImportedBucket imported) {
    this.imported = imported;
    this.ground = ground;
    this.memory = memory;
    this.process = process;
  }

  public void register(Routes routes) {
    routes
        .familyBeforeReady(ErrorShape.PLAIN_TEXT, Right.READ)
        .get("/api/v1/status/skopos", _ -> Response.json(200, this::write));
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("status", "success");
    json.writeObjectFieldStart("data");
    storage(json, ground.status());
    if (imported != null) {
      imported(json, imported);
    }
    json.writeObjectFieldStart("memory");
    json.writeNumberField("limitBytes", memory.limitBytes());
    json.writeNumberField("usedBytes", memory.usedBytes());
    json.writeObjectFieldStart("byOwner");
    for (String owner : memory.owners()) {
      json.writeNumberField(owner, memory.usedBytes(owner));
    }
    json.writeEndObject();
    json.writeEndObject();
    json.writeArrayFieldStart("damagedFiles");
    for (DamagedFile file : ground.damagedFiles()) {
      damaged(json, file);
    }
    json.writeEndArray();
    json.writeObjectFieldStart("config");
    json.writeStringField("file", process.config().file());
    json.writeStringField("readAt", process.configReadAt().toString());
    json.writeBooleanField("lastReloadSucceeded", process.reloadSucceeded());
    json.writeArrayFieldStart("notices");
    for (String notice : process.config().notices()) {
      json.writeString(notice);
    }
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void storage(JsonGenerator json, GroundStatus status) throws IOException {
    json.writeObjectFieldStart("storage");
    json.writeBooleanField("writable", status.writable());
    json.writeStringField("reason", status.reason());
    json.writeNumberField("headBytes", status.headBytes());
    json.writeNumberField("headLimitBytes", status.headLimitBytes());
    json.writeNumberField("applyFailures", status.applyFailures());
    if (status.lastFlushMs() > 0) {
      json.writeStringField("lastFlush", Instant.ofEpochMilli(status.lastFlushMs()).toString());
    }
    json.writeStringField("lastFlushError", status.lastFlushError());
    json.writeObjectFieldStart("log");
    json.writeNumberField("segments", status.log().segments());
    json.writeNumberField("keptBytes", status.log().keptBytes());
    json.writeNumberField("appendedBytes", status.log().appendedBytes());
    json.writeNumberField("queuedBytes", status.log().queuedBytes());
    json.writeEndObject();
    ReplayReport replay = status.replay();
    json.writeObjectFieldStart("replay");
    json.writeNumberField("frames", replay.frames());
    json.writeNumberField("rows", replay.rows());
    json.writeNumberField("bytes", replay.bytes());
    json.writeNumberField("seconds", replay.seconds());
    json.writeNumberField("tornBytes", replay.tornBytes());
    json.writeNumberField("damagedBytes", replay.damagedBytes());
    json.writeEndObject();
    json.writeArrayFieldStart("backgroundErrors");
    for (String error : status.backgroundErrors()) {
      json.writeString(error);
    }
    json.writeEndArray();
    TieringStatus tiering = status.tiering();
    if (tiering != null) {
      bucket(json, tiering);
    }
    json.writeEndObject();
  }

  private static void bucket(JsonGenerator json, TieringStatus status) throws IOException {
    json.writeObjectFieldStart("bucket");
    json.writeBooleanField("attached", status.attached());
    if (status.owner().isEmpty()) {
      json.writeNumberField("epoch", status.epoch());
      json.writeNumberField("waitingParts", status.waitingParts());
      json.writeNumberField("waitingBytes", status.waitingBytes());
      if (status.oldestWaitingMs() > 0) {
        json.writeStringField(
            "oldestWaiting", Instant.ofEpochMilli(status.oldestWaitingMs()).toString());
      }
      json.writeNumberField("waitingDays", status.waitingDays());
      json.writeNumberField("waitingRemovals", status.waitingRemovals());
    } else {
      json.writeStringField("owner", status.owner());
    }
    if (status.lastSuccessMs() > 0) {
      json.writeStringField("lastSuccess", Instant.ofEpochMilli(status.lastSuccessMs()).toString());
    }
    json.writeStringField("lastError", status.lastError());
    json.writeEndObject();
  }

  private static void imported(JsonGenerator json, ImportedBucket imported) throws IOException {
    json.writeObjectFieldStart("importBucket");
    json.writeStringField("place", imported.place());
    json.writeNumberField("blocks", imported.state().count());
    if (imported.state().listedMs() > 0) {
      json.writeStringField(
          "lastListed", Instant.ofEpochMilli(imported.state().listedMs()).toString());
    }
    json.writeStringField("lastError", imported.state().error());
    json.writeEndObject();
  }

  private static void damaged(JsonGenerator json, DamagedFile file) throws IOException {
    json.writeStartObject();
    json.writeStringField("kind", file.kind().key());
    json.writeStringField("file", file.file());
    json.writeStringField("what", file.what());
    json.writeNumberField("bytes", file.bytes());
    TimeRange range = file.range();
    if (range != null) {
      json.writeStringField("from", Instant.ofEpochMilli(range.fromMs()).toString());
      json.writeStringField("to", Instant.ofEpochMilli(range.toMs()).toString());
    }
    json.writeStringField("found", file.when().toString());
    json.writeEndObject();
  }
}
