// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a target is reached over HTTP.
 *
 * @param authorization what goes into the header of that name; null for none
 * @param headers sent with every request, besides our own
 */
public record HttpSettings(
    @Nullable Authorization authorization,
    TlsSettings tls,
    boolean followRedirects,
    boolean http2,
    Map<String, String> headers) {

  public static final HttpSettings DEFAULT =
      new HttpSettings(null, TlsSettings.DEFAULT, true, true, Map.of());

  /**
   * An {@code Authorization} header, from values or from files that are read anew for each scrape.
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

  static HttpSettings parse(YamlMapping yaml, Path base, Notices notices) throws ConfigException {
    yaml.notBuiltYet(
        notices,
        "oauth2",
        "proxy_url",
        "no_proxy",
        "proxy_from_environment",
        "proxy_connect_header");
    return new HttpSettings(
        authorization(yaml, base),
        TlsSettings.parse(yaml.child("tls_config"), base, notices),
        yaml.flag("follow_redirects", true),
        yaml.flag("enable_http2", true),
        headers(yaml.child("http_headers"), notices));
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
      String user = basic.text("username", "");
      Path userFile = file(basic, "username_file", base);
      atMostOne(basic, user, userFile, "username");
      String password = basic.text("password", "");
      Path passwordFile = file(basic, "password_file", base);
      atMostOne(basic, password, passwordFile, "password");
      basic.done();
      return new Authorization("Basic", user, userFile, password, passwordFile);
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

  private static void atMostOne(YamlMapping yaml, String value, @Nullable Path file, String key)
      throws ConfigException {
    if (!value.isEmpty() && file != null) {
      throw yaml.error("only one of " + key + " and " + key + "_file can be set");
    }
  }

  private static Map<String, String> headers(@Nullable YamlMapping yaml, Notices notices)
      throws ConfigException {
    if (yaml == null) {
      return Map.of();
    }
    Map<String, String> headers = new LinkedHashMap<>();
    for (Map.Entry<String, YamlValue> entry : yaml.all().entrySet()) {
      YamlMapping header = entry.getValue().mapping();
      header.notBuiltYet(notices, "files");
      for (String value : header.texts("values")) {
        headers.merge(entry.getKey(), value, (one, two) -> one + ", " + two);
      }
      for (String value : header.texts("secrets")) {
        headers.merge(entry.getKey(), value, (one, two) -> one + ", " + two);
      }
      header.done();
    }
    return Map.copyOf(headers);
  }

  static @Nullable Path file(YamlMapping yaml, String key, Path base) throws ConfigException {
    YamlValue value = yaml.get(key);
    return value == null || value.text().isEmpty() ? null : value.path(base);
  }
}
