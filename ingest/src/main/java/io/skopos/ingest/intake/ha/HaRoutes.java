// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake.ha;

import com.fasterxml.jackson.core.JsonGenerator;
import io.skopos.web.ErrorShape;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/**
 * {@code GET /api/v1/status/ha}, also at {@code /distributor/ha_tracker}, in the JSON that Cortex
 * and Mimir answer there: the leaders of the caller's tenant.
 */
public final class HaRoutes {

  private final Elections elections;
  private final InstantSource clock;

  public HaRoutes(Elections elections, InstantSource clock) {
    this.elections = elections;
    this.clock = clock;
  }

  public void register(Routes routes) {
    Routes.Family family = routes.family(ErrorShape.PLAIN_TEXT, Right.READ);
    family.get("/api/v1/status/ha", this::leaders);
    family.get("/distributor/ha_tracker", this::leaders);
  }

  private Response leaders(Request request) {
    List<Leader> leaders = elections.leaders(request.tenant());
    String tenant = request.tenant().value();
    long nowMs = clock.millis();
    return Response.json(200, json -> write(json, tenant, leaders, nowMs));
  }

  private void write(JsonGenerator json, String tenant, List<Leader> leaders, long nowMs)
      throws IOException {
    HaSettings settings = elections.settings();
    json.writeStartObject();
    json.writeArrayFieldStart("elected");
    for (Leader leader : leaders) {
      long failoverMs = leader.receivedMs() + settings.failoverTimeout().toMillis();
      json.writeStartObject();
      json.writeStringField("userID", tenant);
      json.writeStringField("cluster", leader.cluster());
      json.writeStringField("replica", leader.replica());
      json.writeStringField("electedAt", time(leader.electedMs()));
      json.writeStringField("lastReceived", time(leader.receivedMs()));
      json.writeStringField("failoverAt", time(failoverMs));
      json.writeNumberField("elections", leader.elections());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeStringField("now", time(nowMs));
    json.writeEndObject();
  }

  private static String time(long timeMs) {
    return Instant.ofEpochMilli(timeMs).toString();
  }
}
