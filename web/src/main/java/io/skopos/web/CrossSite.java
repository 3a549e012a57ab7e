// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.RequestHeaders;
import java.net.URI;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Keeps web pages of other sites from reaching this server through a visitor's browser.
 *
 * <p>A page can make a browser send requests anywhere, also to a server on the visitor's own
 * machine that asks nobody who they are. Browsers tell where a request comes from ({@code
 * Sec-Fetch-Site}, {@code Origin}); such from another site are refused unless the origin is
 * allowed. A page whose name is made to resolve to this machine looks like the same site; it is
 * given away by the Host, which is held to names of this machine where access control is off and
 * the connection came in on a loopback address.
 */
final class CrossSite {

  private static final String ALLOWED_HEADERS =
      "Accept, Authorization, Content-Encoding, Content-Type, If-Match, Origin, X-Scope-OrgID,"
          + " X-Prometheus-Remote-Write-Version";
  private static final String EXPOSED_HEADERS = "Date, ETag, Retry-After";

  private final Set<String> hosts = new HashSet<>();
  private final Set<String> origins = new HashSet<>();
  private final boolean anyOrigin;
  private final boolean checkHost;

  /** The Host that was found to be this machine's last. */
  private volatile String goodHost = "";

  CrossSite(WebConfig config, boolean accessOn) {
    for (String host : config.allowedHosts()) {
      hosts.add(host.toLowerCase(Locale.ROOT));
    }
    for (String origin : config.allowedOrigins()) {
      origins.add(normal(origin));
    }
    if (!config.externalUrl().isEmpty()) {
      URI external = URI.create(config.externalUrl());
      hosts.add(external.getHost().toLowerCase(Locale.ROOT));
      origins.add(normal(external.getScheme() + "://" + external.getRawAuthority()));
    }
    anyOrigin = config.allowedOrigins().contains("*");
    checkHost = !accessOn;
  }

  /** Headers that let the page of an allowed origin see the answer. */
  Map<String, String> answerHeaders(RequestHeaders headers) {
    String origin = headers.get("origin");
    if (origin == null || isOwn(origin, headers) || !isAllowed(origin)) {
      return Map.of();
    }
    Map<String, String> answer = new TreeMap<>();
    answer.put("vary", "Origin");
    answer.put("access-control-expose-headers", EXPOSED_HEADERS);
    if (origins.contains(normal(origin))) {
      answer.put("access-control-allow-origin", origin);
      answer.put("access-control-allow-credentials", "true");
    } else {
      answer.put("access-control-allow-origin", "*");
    }
    return answer;
  }

  /** What a browser that asks beforehand is told; null when it is no such question. */
  @Nullable Response preflight(RequestHeaders headers, String methods) {
    String origin = headers.get("origin");
    if (headers.method() != HttpMethod.OPTIONS
        || origin == null
        || headers.get("access-control-request-method") == null) {
      return null;
    }
    return Response.empty(204)
        .header("Access-Control-Allow-Methods", methods)
        .header("Access-Control-Allow-Headers", ALLOWED_HEADERS)
        .header("Access-Control-Max-Age", "600");
  }

  /**
   * @param onLoopback whether the connection came in on a loopback address
   * @throws HttpError 403 with what to change
   */
  void check(RequestHeaders headers, boolean onLoopback) {
    checkHost(headers.authority(), onLoopback);
    String site = headers.get("sec-fetch-site", "");
    String origin = headers.get("origin");
    if (site.equals("same-origin") || site.equals("none")) {
      return;
    }
    if (origin != null) {
      // Without Sec-Fetch-Site it is an old browser or plain HTTP.
      if ((site.isEmpty() && isOwn(origin, headers)) || isAllowed(origin)) {
        return;
      }
      throw forbidden(
          "the page at "
              + shown(origin)
              + " may not use this server; web.allowed_origins lists those that may");
    }
    if (!site.isEmpty() && !isFollowedLink(headers)) {
      throw forbidden(
          "a page of another site may not use this server; web.allowed_origins lists those that"
              + " may");
    }
  }

  private void checkHost(@Nullable String authority, boolean onLoopback) {
    if (!checkHost || !onLoopback || authority == null || authority.equals(goodHost)) {
      return;
    }
    String host = host(authority);
    if (!isLocal(host) && !hosts.contains(host)) {
      throw forbidden(
          "the Host '"
              + shown(host)
              + "' is not this machine's; without access control only localhost, addresses and the"
              + " names in web.allowed_hosts are answered here");
    }
    goodHost = authority;
  }

  /** Someone clicked a link; the other page sees nothing of the answer. */
  private static boolean isFollowedLink(RequestHeaders headers) {
    return headers.method() == HttpMethod.GET
        && headers.get("sec-fetch-mode", "").equals("navigate")
        && headers.get("sec-fetch-dest", "").equals("document");
  }

  private boolean isAllowed(String origin) {
    return anyOrigin || origins.contains(normal(origin));
  }

  private static boolean isOwn(String origin, RequestHeaders headers) {
    int scheme = origin.indexOf("://");
    String authority = headers.authority();
    return scheme > 0
        && authority != null
        && normal(origin).equals(normal(origin.substring(0, scheme + 3) + authority));
  }

  /** In lower case, without a port that the scheme implies. */
  private static String normal(String origin) {
    String text = origin.strip().toLowerCase(Locale.ROOT);
    if (text.endsWith("/")) {
      text = text.substring(0, text.length() - 1);
    }
    if (text.startsWith("http://") && text.endsWith(":80")) {
      return text.substring(0, text.length() - ":80".length());
    }
    if (text.startsWith("https://") && text.endsWith(":443")) {
      return text.substring(0, text.length() - ":443".length());
    }
    return text;
  }

  /** Without the port, in lower case. */
  private static String host(String authority) {
    String text = authority.toLowerCase(Locale.ROOT);
    int end = text.startsWith("[") ? text.indexOf(']') + 1 : text.lastIndexOf(':');
    return end <= 0 ? text : text.substring(0, end);
  }

  /** A name of this machine alone, or an address, which no page can make resolve elsewhere. */
  private static boolean isLocal(String host) {
    return host.equals("localhost")
        || host.endsWith(".localhost")
        || host.startsWith("[")
        || isIpv4(host);
  }

  private static boolean isIpv4(String host) {
    List<String> numbers = List.of(host.split("\\.", -1));
    return numbers.size() == 4
        && numbers.stream()
            .allMatch(number ->
                !number.isEmpty()
                    && number.length() <= 3
                    && number.chars().allMatch(c -> c >= '0' && c <= '9'));
  }

  private static String shown(String text) {
    return text.length() > 100 ? text.substring(0, 100) + "…" : text;
  }

  private static HttpError forbidden(String message) {
    return new HttpError(403, "forbidden", message);
  }
}
