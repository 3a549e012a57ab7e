// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import io.skopos.ingest.http.HttpSettings.Authorization;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/** Makes the Authorization header; files are read each time, so that secrets can be rotated. */
final class Credentials implements AutoCloseable {

  private final @Nullable Authorization authorization;
  private final @Nullable OAuth2Tokens tokens;

  Credentials(HttpSettings settings, HttpThreads threads, String userAgent) throws FetchFailure {
    OAuth2Settings oauth2 = settings.oauth2();
    authorization = settings.authorization();
    tokens = oauth2 == null ? null : new OAuth2Tokens(oauth2, threads, userAgent);
  }

  /** Null for none. */
  @Nullable String header(Deadline deadline) throws FetchFailure, InterruptedException {
    OAuth2Tokens source = tokens;
    if (source != null) {
      return source.header(deadline);
    }
    Authorization given = authorization;
    if (given == null) {
      return null;
    }
    String secret = given.secretFile() == null ? given.secret() : read(given.secretFile());
    if (given.type().equals("Basic")) {
      String user = given.userFile() == null ? given.user() : read(given.userFile());
      byte[] pair = (user + ":" + secret).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
    return given.type() + " " + secret;
  }

  /** A server did not accept what it was shown. */
  void refused() {
    OAuth2Tokens source = tokens;
    if (source != null) {
      source.forget();
    }
  }

  static String read(Path file) throws FetchFailure {
    try {
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new FetchFailure("cannot read the credentials in '" + file + "': " + e, e);
    }
  }

  @Override
  public void close() {
    if (tokens != null) {
      tokens.close();
    }
  }
}
