// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * How a TLS target is trusted and what it is shown. Files are PEM.
 *
 * @param caFile whom to trust instead of the platform's authorities
 * @param certificateFile with keyFile (PKCS #8), what we show; both or neither
 */
public record TlsSettings(
    @Nullable Path caFile,
    @Nullable Path certificateFile,
    @Nullable Path keyFile,
    boolean insecureSkipVerify) {

  public static final TlsSettings DEFAULT = new TlsSettings(null, null, null, false);

  static TlsSettings parse(@Nullable YamlMapping yaml, Path base, Notices notices)
      throws ConfigException {
    if (yaml == null) {
      return DEFAULT;
    }
    yaml.notBuiltYet(
        notices,
        "server_name",
        "min_version",
        "max_version",
        "ca",
        "cert",
        "key",
        "ca_ref",
        "cert_ref",
        "key_ref");
    TlsSettings settings =
        new TlsSettings(
            HttpSettings.file(yaml, "ca_file", base),
            HttpSettings.file(yaml, "cert_file", base),
            HttpSettings.file(yaml, "key_file", base),
            yaml.flag("insecure_skip_verify", false));
    if ((settings.certificateFile == null) != (settings.keyFile == null)) {
      throw yaml.error("cert_file and key_file need each other");
    }
    yaml.done();
    return settings;
  }
}
