// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * An answer other than success. The message goes to the client: it says what is wrong, where, the
 * limit and its value, and what helps; it never holds a secret or a stack trace.
 */
public final class HttpError extends RuntimeException {

  private static final long serialVersionUID = 1L;

  private final int status;
  private final String type;
  private final transient Map<String, String> headers = new LinkedHashMap<>();

  /**
   * @param type the family's machine-readable kind, in Prometheus' words where there are some:
   *     {@code bad_data}, {@code timeout}, {@code canceled}, {@code execution}, {@code internal},
   *     {@code unavailable}, {@code not_found}
   */
  public HttpError(int status, String type, String message) {
    super(message, null, false, false);
    this.status = status;
    this.type = type;
  }

  public static HttpError badData(String message) {
    return new HttpError(400, "bad_data", message);
  }

  public static HttpError tooLarge(String message) {
    return new HttpError(413, "bad_data", message);
  }

  /** 503 with a hint when to come back; senders retry it. */
  public static HttpError unavailable(String message, Duration retryAfter) {
    return new HttpError(503, "unavailable", message)
        .header("Retry-After", Long.toString(Math.max(1, retryAfter.toSeconds())));
  }

  public HttpError header(String name, String value) {
    headers.put(name, value);
    return this;
  }

  /** The same error, worded otherwise. */
  public HttpError withMessage(String message) {
    HttpError reworded = new HttpError(status, type, message);
    reworded.headers.putAll(headers);
    return reworded;
  }

  public int status() {
    return status;
  }

  public String type() {
    return type;
  }

  @Override
  public String getMessage() {
    return String.valueOf(super.getMessage());
  }

  /** The response with this error's headers added. */
  public Response onto(Response response) {
    Response result = response;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      result = result.header(header.getKey(), header.getValue());
    }
    return result;
  }
}
