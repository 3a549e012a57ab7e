// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import java.util.regex.Pattern;

/** Hides secrets of a config's text before anyone is shown it. */
public final class MaskedConfig {

  /** Keys whose values are secrets, as Prometheus names them; file names are not. */
  private static final Pattern SECRET =
      Pattern.compile(
          "(?m)(\\b(?:password|credentials|bearer_token|client_secret|secret_key|secret|api_key|account_key|sas_token|session_token|token)[\"']?\\s*:\\s*)(?:\"(?:[^\"\\\\]|\\\\.)*\"|'(?:[^']|'')*'|[^\\s,}#][^\\n,}#]*)");

  /** User and password inside an address. */
  private static final Pattern USER_INFO = Pattern.compile("(://[^/\\s:@]+:)[^/\\s@]+@");

  private MaskedConfig() {}

  /** Whether a dotted key's value is a secret. */
  public static boolean isSecret(String key) {
    return SECRET.matcher(key.substring(key.lastIndexOf('.') + 1) + ": x").matches();
  }

  public static String of(String yaml) {
    String masked = SECRET.matcher(yaml).replaceAll("$1<secret>");
    return USER_INFO.matcher(masked).replaceAll("$1<secret>@");
  }
}
