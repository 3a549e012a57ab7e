// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a server is reached over HTTP.
 *
 * @param authorization what goes into the header of that name; null for none
 * @param oauth2 where to get a token for that header instead; null for none
 * @param http2 accepted and without effect: HTTP/1.1 is spoken
 * @param headers sent with every request, besides our own
 */
public record HttpSettings(
    @Nullable Authorization authorization,
    @Nullable OAuth2Settings oauth2,
    TlsSettings tls,
    ProxySettings proxy,
    boolean followRedirects,
    boolean http2,
    Map<String, HeaderSetting> headers) {

  public static final HttpSettings DEFAULT =
      new HttpSettings(null, null, TlsSettings.DEFAULT, ProxySettings.NONE, true, true, Map.of());

  /** What the client itself says; as in Prometheus, settings cannot. */
  private static final Set<String> RESERVED =
      Set.of(
          "authorization",
          "host",
          "content-encoding",
          "content-length",
          "content-type",
          "transfer-encoding",
          "user-agent",
          "connection",
          "keep-alive",
          "proxy-authenticate",
          "proxy-authorization",
          "www-authenticate",
          "accept-encoding",
          "x-prometheus-remote-write-version",
          "x-prometheus-remote-read-version",
          "x-prometheus-scrape-timeout-seconds",
          "x-amz-date",
          "x-amz-security-token",
          "x-amz-content-sha256");

  /**
   * An {@code Authorization} header, from values or from files that are read anew for each request.
   *
   * @param type {@code Basic}, {@code Bearer}, or another scheme
   * @param user of {@code Basic}; else empty
   * @param secret password or credentials; empty when a file has them
   */
  public record Authorization(
      String type, String user, @Nullable Path userFile, String secret, @Nullable Path secretFile) {

    /** Secrets stay out of logs and pages. */
    @Override
    public String toString() {
      return "Authorization[" + type + "]";
    }
  }

  public static HttpSettings parse(YamlMapping yaml, Path base, Notices notices)
      throws ConfigException {
    Authorization authorization = authorization(yaml, base);
    OAuth2Settings oauth2 = OAuth2Settings.parse(yaml.child("oauth2"), base, notices);
    if (authorization != null && oauth2 != null) {
      throw yaml.error(
          "at most one of basic_auth, authorization, bearer_token(_file) and oauth2 can be set");
    }
    return new HttpSettings(
        authorization,
        oauth2,
        TlsSettings.parse(yaml.child("tls_config"), base, notices),
        ProxySettings.parse(yaml),
        yaml.flag("follow_redirects", true),
        yaml.flag("enable_http2", true),
        headers(yaml.child("http_headers"), base));
  }

  /** The same with other TLS settings. */
  public HttpSettings withTls(TlsSettings other) {
    return new HttpSettings(authorization, oauth2, other, proxy, followRedirects, http2, headers);
  }

  /** The same with other credentials. */
  public HttpSettings withAuthorization(@Nullable Authorization other) {
    return new HttpSettings(other, null, tls, proxy, followRedirects, http2, headers);
  }

  private static @Nullable Authorization authorization(YamlMapping yaml, Path base)
      throws ConfigException {
    YamlMapping basic = yaml.child("basic_auth");
    YamlMapping header = yaml.child("authorization");
    String token = yaml.text("bearer_token", "");
    Path tokenFile = file(yaml, "bearer_token_file", base);
    boolean bearer = !token.isEmpty() || tokenFile != null;
    if ((basic != null ? 1 : 0) + (header != null ? 1 : 0) + (bearer ? 1 : 0) > 1) {
      throw yaml.error(
          "at most one of basic_auth, authorization and bearer_token(_file) can be set");
    }
    if (bearer) {
      atMostOne(yaml, token, tokenFile, "bearer_token");
      return new Authorization("Bearer", "", null, token, tokenFile);
    }
    if (basic != null) {
      return basic(basic, base);
    }
    if (header != null) {
      String type = header.text("type", "Bearer").strip();
      if (type.equalsIgnoreCase("basic")) {
        throw header.error("the type Basic is written as basic_auth");
      }
      String credentials = header.text("credentials", "");
      Path credentialsFile = file(header, "credentials_file", base);
      atMostOne(header, credentials, credentialsFile, "credentials");
      header.done();
      return new Authorization(
          type.isEmpty() ? "Bearer" : type, "", null, credentials, credentialsFile);
    }
    return null;
  }

  private static Authorization basic(YamlMapping basic, Path base) throws ConfigException {
    String user = basic.text("username", "");
    Path userFile = file(basic, "username_file", base);
    atMostOne(basic, user, userFile, "username");
    String password = basic.text("password", "");
    Path passwordFile = file(basic, "password_file", base);
    atMostOne(basic, password, passwordFile, "password");
    basic.done();
    return new Authorization("Basic", user, userFile, password, passwordFile);
  }

  static void atMostOne(YamlMapping yaml, String value, @Nullable Path file, String key)
      throws ConfigException {
    if (!value.isEmpty() && file != null) {
      throw yaml.error("only one of " + key + " and " + key + "_file can be set");
    }
  }

  private static Map<String, HeaderSetting> headers(@Nullable YamlMapping yaml, Path base)
      throws ConfigException {
    if (yaml == null) {
      return Map.of();
    }
    Map<String, HeaderSetting> headers = new LinkedHashMap<>();
    for (Map.Entry<String, YamlValue> entry : yaml.all().entrySet()) {
      if (RESERVED.contains(entry.getKey().toLowerCase(Locale.ROOT))) {
        throw entry
            .getValue()
            .error("the header '" + entry.getKey() + "' is the client's own and cannot be set");
      }
      YamlMapping header = entry.getValue().mapping();
      List<Path> files = new java.util.ArrayList<>();
      for (YamlValue file : header.list("files")) {
        files.add(file.path(base));
      }
      headers.put(
          entry.getKey(),
          new HeaderSetting(header.texts("values"), header.texts("secrets"), files));
      header.done();
    }
    return Map.copyOf(headers);
  }

  static @Nullable Path file(YamlMapping yaml, String key, Path base) throws ConfigException {
    YamlValue value = yaml.get(key);
    return value == null || value.text().isEmpty() ? null : value.path(base);
  }
}
