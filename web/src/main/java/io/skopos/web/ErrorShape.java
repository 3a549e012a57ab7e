// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

/** How a family of endpoints tells its clients about errors. */
@FunctionalInterface
public interface ErrorShape {

  /** One line of text, as Go's {@code http.Error} writes it. */
  ErrorShape PLAIN_TEXT =
      error -> error.onto(Response.text(error.status(), error.getMessage() + "\n"));

  /** {@code {"status":"error","errorType":…,"error":…}}, as Prometheus words it. */
  ErrorShape JSON =
      error ->
          error.onto(
              Response.json(
                  error.status(),
                  json -> {
                    json.writeStartObject();
                    json.writeStringField("status", "error");
                    json.writeStringField("errorType", error.type());
                    json.writeStringField("error", error.getMessage());
                    json.writeEndObject();
                  }));

  /** Carries the status, the type, the message and the extra headers of the error. */
  Response render(HttpError error);
}
