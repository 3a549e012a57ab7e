// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Tokens by the client credentials grant (RFC 6749, section 4.4).
 *
 * @param secretFile read anew for each token
 * @param endpointParams added to the request for a token
 */
public record OAuth2Settings(
    String clientId,
    String secret,
    @Nullable Path secretFile,
    URI tokenUrl,
    List<String> scopes,
    Map<String, String> endpointParams,
    TlsSettings tls,
    ProxySettings proxy) {

  /** Secrets stay out of logs and pages. */
  @Override
  public String toString() {
    return "OAuth2Settings[" + clientId + " at " + tokenUrl + "]";
  }

  static @Nullable OAuth2Settings parse(@Nullable YamlMapping yaml, Path base, Notices notices)
      throws ConfigException {
    if (yaml == null) {
      return null;
    }
    yaml.notBuiltYet(
        notices,
        "client_secret_ref",
        "client_certificate_key",
        "client_certificate_key_file",
        "client_certificate_key_ref",
        "client_certificate_key_id",
        "grant_type",
        "signature_algorithm",
        "audience",
        "iss",
        "claims");
    String secret = yaml.text("client_secret", "");
    Path secretFile = HttpSettings.file(yaml, "client_secret_file", base);
    HttpSettings.atMostOne(yaml, secret, secretFile, "client_secret");
    Map<String, String> params = new LinkedHashMap<>();
    YamlMapping given = yaml.child("endpoint_params");
    if (given != null) {
      for (Map.Entry<String, YamlValue> param : given.all().entrySet()) {
        params.put(param.getKey(), param.getValue().text());
      }
    }
    OAuth2Settings settings =
        new OAuth2Settings(
            yaml.requiredText("client_id"),
            secret,
            secretFile,
            yaml.httpUrl("token_url"),
            yaml.texts("scopes"),
            Map.copyOf(params),
            TlsSettings.parse(yaml.child("tls_config"), base, notices),
            ProxySettings.parse(yaml));
    yaml.done();
    return settings;
  }
}
