// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryFailed;
import io.skopos.logs.language.QueryRefused;
import io.skopos.logs.language.parse.ParseFailed;
import io.skopos.serving.query.QueryErrors;
import io.skopos.web.HttpError;
import org.jspecify.annotations.Nullable;

/** What goes wrong with questions, as Loki words it. */
final class LokiQueryErrors implements QueryErrors {

  @Override
  public HttpError stopped(QueryAborted cause) {
    String message = String.valueOf(cause.getMessage());
    return switch (cause.reason()) {
      case TIMEOUT ->
          new HttpError(
              504,
              "timeout",
              "Request timed out, decrease the duration of the request or add more label matchers"
                  + " (prefer exact match over regex match) to reduce the amount of data"
                  + " processed; "
                  + message);
      case CANCELLED ->
          new HttpError(
              CLIENT_CLOSED_REQUEST,
              "canceled",
              "The request was cancelled by the client; " + message);
      case TOO_MANY_SAMPLES, TOO_MANY_SERIES, TOO_MANY_BYTES ->
          new HttpError(400, "bad_data", message);
    };
  }

  @Override
  public @Nullable HttpError failed(Exception cause) {
    return switch (cause) {
      case ParseFailed _, QueryRefused _, QueryFailed _ ->
          HttpError.badData(String.valueOf(cause.getMessage()));
      default -> null;
    };
  }
}
