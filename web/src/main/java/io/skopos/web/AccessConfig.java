// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.skopos.model.config.Setting;

/** Who may use the server. */
public record AccessConfig(
    @Setting(
            doc =
                "File with one 'name:secret[:tenants]' per line, read again when it changes; empty"
                    + " lets everyone in. The secret is a bcrypt hash ($2y$…, as htpasswd -B writes"
                    + " it) for basic auth or sha256:<hex> of a bearer token; tenants are separated"
                    + " by commas, * means all, none means the tenant 'anonymous'.")
        String credentialsFile) {

  public static final AccessConfig OPEN = new AccessConfig("");

  public boolean enabled() {
    return !credentialsFile.isEmpty();
  }
}
