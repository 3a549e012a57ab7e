// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/** Request line and headers. */
final class HttpRequestHead {

  private HttpRequestHead() {}

  static byte[] of(HttpCall call, Route route, Map<String, List<String>> headers)
      throws FetchFailure {
    URI url = call.url();
    String path = url.getRawPath();
    String target = path == null || path.isEmpty() ? "/" : path;
    if (url.getRawQuery() != null) {
      target += "?" + url.getRawQuery();
    }
    String host = url.getHost() + (url.getPort() < 0 ? "" : ":" + url.getPort());
    StringBuilder head = new StringBuilder(512);
    head.append(call.method()).append(' ');
    head.append(route.absoluteForm() ? "http://" + host : "").append(target);
    head.append(" HTTP/1.1\r\n");
    header(head, "Host", host);
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      for (String value : header.getValue()) {
        header(head, header.getKey(), value);
      }
    }
    if (call.body().length > 0) {
      header(head, "Content-Length", Integer.toString(call.body().length));
    }
    return head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8);
  }

  static void header(StringBuilder head, String name, String value) throws FetchFailure {
    if (name.isEmpty() || !name.chars().allMatch(HttpRequestHead::isTokenCharacter)) {
      throw new FetchFailure(
          "the request cannot be made: '" + name + "' is not the name of a header");
    }
    // The value may be a secret.
    if (value.chars().anyMatch(c -> c < ' ' && c != '\t' || c == 0x7f)) {
      throw new FetchFailure(
          "the request cannot be made: the value of the header "
              + name
              + " holds a line break or another control character");
    }
    head.append(name).append(": ").append(value).append("\r\n");
  }

  private static boolean isTokenCharacter(int c) {
    return c > ' ' && c < 0x7f && "\"(),/:;<=>?@[\\]{}".indexOf(c) < 0;
  }
}
