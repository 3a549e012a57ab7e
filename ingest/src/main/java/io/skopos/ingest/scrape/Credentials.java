// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.ingest.scrape.config.HttpSettings.Authorization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Makes the Authorization header; files are read each time, so that secrets can be rotated. */
final class Credentials {

  private Credentials() {}

  static String header(Authorization authorization) throws ScrapeFailure {
    String secret = read(authorization.secretFile(), authorization.secret());
    if (authorization.type().equals("Basic")) {
      String user = read(authorization.userFile(), authorization.user());
      byte[] pair = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
    return authorization.type() + " " + secret;
  }

  private static String read(@Nullable Path file, String value) throws ScrapeFailure {
    if (file == null) {
      return value;
    }
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new ScrapeFailure("cannot read the credentials in '" + file + "': " + e, e);
    }
  }
}
