// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import io.skopos.web.Reloadable;
import io.skopos.web.Routes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Access control as configured.
 *
 * @param files to be read again when they change
 * @param routes of signing in
 */
public record AccessAssembly(
    AccessControl control, List<Reloadable> files, List<Consumer<Routes>> routes) {

  /**
   * @throws IOException when a file cannot be read
   */
  public static AccessAssembly of(
      AccessConfig config, String externalUrl, TokenLookup tokens, InstantSource clock)
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
    List<Consumer<Routes>> routes = new ArrayList<>();
    if (config.oidc().enabled()) {
      OidcProvider provider = new OidcProvider(config.oidc());
      OidcTokens oidc = new OidcTokens(config.oidc(), provider, clock);
      sources.add(oidc);
      if (config.oidc().signsIn()) {
        routes.add(
            new OidcSignIn(config.oidc(), externalUrl, provider, oidc, sessions, clock)::register);
      }
    }
    AccessControl control =
        new AccessControl(config.enabled(), sources, sessions, config.oidc().enabled());
    String signInPath = config.oidc().signsIn() ? OidcSignIn.PATH : "";
    routes.add(new SessionRoutes(control, signInPath)::register);
    return new AccessAssembly(control, files, routes);
  }
}
