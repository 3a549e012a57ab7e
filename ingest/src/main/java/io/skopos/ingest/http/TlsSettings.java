// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlMapping;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a TLS target is trusted and what it is shown, in PEM: from files, which are read again when
 * they change, or inline.
 *
 * @param ca whom to trust instead of the platform's authorities
 * @param certificate with key, what we show; both or neither
 * @param serverName whom the target's certificate must name, and what we ask for, instead of the
 *     host of the URL; empty for that
 * @param minVersion as the JDK names it; empty for TLSv1.2
 * @param maxVersion as the JDK names it; empty for the newest
 */
public record TlsSettings(
    Pem ca,
    Pem certificate,
    Pem key,
    String serverName,
    boolean insecureSkipVerify,
    String minVersion,
    String maxVersion) {

  static final List<String> VERSIONS = List.of("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3");
  private static final List<String> KEYS = List.of("TLS10", "TLS11", "TLS12", "TLS13");

  public static final TlsSettings DEFAULT =
      new TlsSettings(Pem.NONE, Pem.NONE, Pem.NONE, "", false, "", "");

  /** PEM text, or the file that has it; neither for none. */
  public record Pem(String text, @Nullable Path file) {

    public static final Pem NONE = new Pem("", null);

    public static Pem inline(String text) {
      return new Pem(text, null);
    }

    public static Pem in(Path file) {
      return new Pem("", file);
    }

    boolean isSet() {
      return !text.isEmpty() || file != null;
    }

    /** Keys stay out of logs and pages. */
    @Override
    public String toString() {
      return file == null ? text.isEmpty() ? "none" : "inline" : file.toString();
    }
  }

  static TlsSettings parse(@Nullable YamlMapping yaml, Path base, Notices notices)
      throws ConfigException {
    if (yaml == null) {
      return DEFAULT;
    }
    yaml.notBuiltYet(notices, "ca_ref", "cert_ref", "key_ref");
    TlsSettings settings =
        new TlsSettings(
            pem(yaml, "ca", base),
            pem(yaml, "cert", base),
            pem(yaml, "key", base),
            yaml.text("server_name", ""),
            yaml.flag("insecure_skip_verify", false),
            yaml.read("min_version", TlsSettings::version, ""),
            yaml.read("max_version", TlsSettings::version, ""));
    if (settings.certificate.isSet() != settings.key.isSet()) {
      throw yaml.error(
          "a certificate (cert, cert_file) and its key (key, key_file) need each other");
    }
    if (!settings.minVersion.isEmpty()
        && !settings.maxVersion.isEmpty()
        && VERSIONS.indexOf(settings.minVersion) > VERSIONS.indexOf(settings.maxVersion)) {
      throw yaml.error("min_version is above max_version");
    }
    yaml.done();
    return settings;
  }

  private static Pem pem(YamlMapping yaml, String key, Path base) throws ConfigException {
    String text = yaml.text(key, "");
    Path file = HttpSettings.file(yaml, key + "_file", base);
    HttpSettings.atMostOne(yaml, text, file, key);
    return new Pem(text, file);
  }

  private static String version(String text) {
    int index = KEYS.indexOf(text);
    if (index < 0) {
      throw new IllegalArgumentException(
          "'" + text + "' is no version of TLS; there are " + String.join(", ", KEYS));
    }
    return VERSIONS.get(index);
  }

  /** What may be spoken, oldest first. */
  String[] protocols() {
    int from = VERSIONS.indexOf(minVersion.isEmpty() ? "TLSv1.2" : minVersion);
    int to = maxVersion.isEmpty() ? VERSIONS.size() - 1 : VERSIONS.indexOf(maxVersion);
    return VERSIONS.subList(Math.min(from, to), to + 1).toArray(new String[0]);
  }
}
