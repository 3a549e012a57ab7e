// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * A request, besides what the client adds by its settings.
 *
 * @param method GET or POST
 * @param headers win over headers of the settings
 * @param body empty for none
 */
public record HttpCall(String method, URI url, Map<String, String> headers, byte[] body) {

  private static final byte[] NO_BODY = {};

  public static HttpCall get(URI url, Map<String, String> headers) {
    return new HttpCall("GET", url, headers, NO_BODY);
  }

  static HttpCall postForm(URI url, Map<String, String> headers, String form) {
    return new HttpCall("POST", url, headers, form.getBytes(StandardCharsets.US_ASCII));
  }

  HttpCall at(URI other) {
    return new HttpCall(method, other, headers, body);
  }
}
