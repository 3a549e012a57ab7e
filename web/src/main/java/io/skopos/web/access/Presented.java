// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import com.linecorp.armeria.common.Cookie;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * What a request shows of its sender.
 *
 * @param certificate the client's own, verified by the TLS handshake; null when there is none
 */
public record Presented(RequestHeaders headers, @Nullable X509Certificate certificate) {

  /** What follows the scheme in the Authorization header; null for another scheme or none. */
  @Nullable String authorization(String scheme) {
    String header = headers.get(HttpHeaderNames.AUTHORIZATION, "").strip();
    int space = header.indexOf(' ');
    String given = space < 0 ? header : header.substring(0, space);
    return given.equalsIgnoreCase(scheme)
        ? space < 0 ? "" : header.substring(space + 1).strip()
        : null;
  }

  boolean hasAuthorization() {
    return !headers.get(HttpHeaderNames.AUTHORIZATION, "").isBlank();
  }

  @Nullable String cookie(String name) {
    for (Cookie cookie : headers.cookies()) {
      if (cookie.name().equals(name)) {
        return cookie.value();
      }
    }
    return null;
  }

  /** Whether a script asks, for which a browser should not open its own password dialogue. */
  boolean fromScript() {
    return headers.get("sec-fetch-dest", "").equals("empty");
  }
}
