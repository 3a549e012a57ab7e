// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import io.skopos.model.config.Setting;
import java.time.Duration;

/** Who may use the server. */
public record AccessConfig(
    @Setting(
            doc =
                "Whether callers must say who they are: by a token (skopos token create), a"
                    + " password, an OpenID provider's token or a client certificate. Is so anyway"
                    + " when credentials_file or oidc.issuer is given. Otherwise everyone may do everything.",
            defaultValue = "false")
        boolean required,
    @Setting(
            doc =
                "File with one 'name:secret[:tenants[:rights]]' per line, read again when it"
                    + " changes. The secret is a bcrypt hash ($2y$…, as htpasswd -B writes it) for"
                    + " basic auth, sha256:<hex> of a bearer token, or cert for a client"
                    + " certificate of that common or alternative name; tenants are separated by"
                    + " commas, * means all, none means the tenant 'anonymous'; rights are of read,"
                    + " write, admin and act, * means all, none means read and write.")
        String credentialsFile,
    @Setting(
            doc = "How long someone who signed in with a browser stays so, at most.",
            defaultValue = "12h")
        Duration sessionTime,
    @Setting(doc = "An OpenID provider whose tokens are accepted.") OidcConfig oidc) {

  public static final AccessConfig OPEN =
      new AccessConfig(false, "", Duration.ofHours(12), OidcConfig.OFF);

  public boolean enabled() {
    return required || !credentialsFile.isEmpty() || oidc.enabled();
  }

  /** The same with a credentials file. */
  public AccessConfig withCredentialsFile(String file) {
    return new AccessConfig(required, file, sessionTime, oidc);
  }

  /** The same, with an OpenID provider. */
  public AccessConfig withOidc(OidcConfig provider) {
    return new AccessConfig(required, credentialsFile, sessionTime, provider);
  }

  /** The same, for callers with credentials only. */
  public AccessConfig withRequired() {
    return new AccessConfig(true, credentialsFile, sessionTime, oidc);
  }
}
