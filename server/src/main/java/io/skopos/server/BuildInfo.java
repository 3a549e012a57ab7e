// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** What this build is; written by the build into {@code build.properties}. */
public record BuildInfo(String version, String revision, String branch, String date) {

  public static BuildInfo current() {
    Properties properties = new Properties();
    try (InputStream in = BuildInfo.class.getResourceAsStream("build.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new BuildInfo(
        properties.getProperty("version", "unknown"),
        known(properties.getProperty("revision", "")),
        known(properties.getProperty("branch", "")),
        known(properties.getProperty("date", "")));
  }

  /** Outside a git checkout the build leaves its placeholder. */
  private static String known(String value) {
    return value.isEmpty() || value.startsWith("${") ? "unknown" : value;
  }
}
