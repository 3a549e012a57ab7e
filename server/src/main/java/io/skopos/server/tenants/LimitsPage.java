// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.tenants;

import com.fasterxml.jackson.core.JsonGenerator;
import io.skopos.model.TenantId;
import io.skopos.server.config.SettingValues;
import io.skopos.server.config.TenantOverrides;
import io.skopos.web.ErrorShape;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import java.io.IOException;
import java.util.Map;

/**
 * {@code GET /api/v1/status/limits}: the limits of the caller's tenant, each with its value,
 * whether that is the common one or the tenant's own, and how much of it is used where that is
 * counted.
 */
public final class LimitsPage {

  private final TenantSettings settings;
  private final Usage usage;

  /** How much of its limits a tenant uses. */
  @FunctionalInterface
  public interface Usage {

    /** From 0 to 1, by the limit's key. */
    Map<String, Double> of(TenantId tenant);
  }

  public LimitsPage(TenantSettings settings, Usage usage) {
    this.settings = settings;
    this.usage = usage;
  }

  public void register(Routes routes) {
    routes
        .family(ErrorShape.JSON, Right.READ)
        .get(
            "/api/v1/status/limits",
            request -> Response.json(200, json -> write(json, request.tenant())));
  }

  private void write(JsonGenerator json, TenantId tenant) throws IOException {
    TenantOverrides own = settings.of(tenant);
    Map<String, Double> used = usage.of(tenant);
    json.writeStartObject();
    json.writeStringField("status", "success");
    json.writeObjectFieldStart("data");
    json.writeStringField("tenant", tenant.value());
    json.writeArrayFieldStart("limits");
    section(json, tenant, "intake", own.intake(), own, used);
    section(json, tenant, "query", own.query(), own, used);
    section(json, tenant, "retention", own.retention(), own, used);
    section(json, tenant, "logs", own.logs(), own, used);
    section(json, tenant, "ha", own.ha(), own, used);
    json.writeEndArray();
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void section(
      JsonGenerator json,
      TenantId tenant,
      String section,
      Record values,
      TenantOverrides own,
      Map<String, Double> used)
      throws IOException {
    for (Map.Entry<String, String> value : SettingValues.perTenant(values).entrySet()) {
      String key = section + "." + value.getKey();
      json.writeStartObject();
      json.writeStringField("limit", key);
      json.writeStringField("value", value.getValue());
      json.writeStringField("source", own.given().contains(key) ? "override" : "default");
      json.writeStringField("override", "overrides." + tenant + "." + key);
      Double ratio = used.get(key);
      if (ratio != null) {
        json.writeNumberField("usedRatio", ratio);
      }
      json.writeEndObject();
    }
  }
}
