// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryFailed;
import io.skopos.metrics.language.ast.InvalidDuration;
import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.serving.query.QueryErrors;
import io.skopos.web.HttpError;
import org.jspecify.annotations.Nullable;

/** What goes wrong with queries, as Prometheus words it. */
final class PrometheusQueryErrors implements QueryErrors {

  @Override
  public HttpError stopped(QueryAborted cause) {
    String message = String.valueOf(cause.getMessage());
    return switch (cause.reason()) {
      case TIMEOUT -> new HttpError(503, "timeout", message);
      case CANCELLED -> new HttpError(CLIENT_CLOSED_REQUEST, "canceled", message);
      case TOO_MANY_SAMPLES, TOO_MANY_SERIES, TOO_MANY_BYTES ->
          new HttpError(422, "execution", message);
    };
  }

  @Override
  public @Nullable HttpError failed(Exception cause) {
    String message = String.valueOf(cause.getMessage());
    return switch (cause) {
      case ParseFailed _, InvalidDuration _ -> QueryParameters.invalid("query", message);
      case QueryFailed _ -> new HttpError(422, "execution", message);
      default -> null;
    };
  }
}
