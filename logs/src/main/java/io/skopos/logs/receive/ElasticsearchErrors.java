// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.receive;

import io.skopos.web.ErrorShape;
import io.skopos.web.HttpError;
import io.skopos.web.Response;

/** {@code {"error":{"type":…,"reason":…},"status":…}}, as Elasticsearch words errors. */
final class ElasticsearchErrors implements ErrorShape {

  @Override
  public Response render(HttpError error) {
    return error
        .onto(
            Response.json(
                error.status(),
                json -> {
                  json.writeStartObject();
                  json.writeObjectFieldStart("error");
                  json.writeStringField("type", error.type());
                  json.writeStringField("reason", error.getMessage());
                  json.writeEndObject();
                  json.writeNumberField("status", error.status());
                  json.writeEndObject();
                }))
        .header("X-Elastic-Product", "Elasticsearch");
  }
}
