// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import io.skopos.web.Reloadable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;

/**
 * Access control as configured.
 *
 * @param files to be read again when they change
 */
public record AccessAssembly(AccessControl control, List<Reloadable> files) {

  /**
   * @throws IOException when a file cannot be read
   */
  public static AccessAssembly of(AccessConfig config, TokenLookup tokens, InstantSource clock)
      throws IOException {
    List<CallerSource> sources = new ArrayList<>();
    List<Reloadable> files = new ArrayList<>();
    if (!config.credentialsFile().isEmpty()) {
      CredentialsFile file = new CredentialsFile(Path.of(config.credentialsFile()));
      sources.add(file);
      files.add(file);
    }
    sources.add(new BearerTokens(tokens));
    Sessions sessions = new Sessions(config.sessionTime(), clock);
    return new AccessAssembly(new AccessControl(config.enabled(), sources, sessions), files);
  }
}
