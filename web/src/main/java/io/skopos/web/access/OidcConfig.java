// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import io.skopos.model.config.Setting;
import java.time.Duration;
import java.util.List;

/** An OpenID provider whose tokens are accepted. */
public record OidcConfig(
    @Setting(
            doc =
                "Address of the provider, as it stands in tokens (iss); its"
                    + " /.well-known/openid-configuration is read. Empty accepts none.")
        String issuer,
    @Setting(
            doc =
                "Whom a token must be made for (aud); any of these. When empty, client_id is"
                    + " needed and meant.")
        List<String> audience,
    @Setting(doc = "The claim that names the caller.", defaultValue = "sub") String nameClaim,
    @Setting(
            doc =
                "A claim with the caller's tenants, a text or a list; * is all. Empty looks at"
                    + " none.",
            defaultValue = "skopos_tenants")
        String tenantsClaim,
    @Setting(
            doc =
                "A claim with the caller's rights (read, write, admin, act), a text or a list."
                    + " Empty looks at none.",
            defaultValue = "skopos_rights")
        String rightsClaim,
    @Setting(doc = "Grants by other claims, such as groups; what fits adds up.") List<Grant> grants,
    @Setting(doc = "How far the provider's clock and ours may differ.", defaultValue = "30s")
        Duration clockSkew,
    @Setting(
            doc =
                "PEM file of the authorities to trust for the provider instead of the platform's.")
        String caFile,
    @Setting(
            doc =
                "Our name at the provider. With it, people can sign in to the web UI there; its"
                    + " redirect address is web.external_url (or what the browser used) followed by"
                    + " /api/v1/session/oidc/callback.")
        String clientId,
    @Setting(doc = "File with our secret at the provider; empty for a public client.")
        String clientSecretFile,
    @Setting(doc = "What is asked for when signing in.", defaultValue = "openid,profile,email")
        List<String> scopes) {

  public static final OidcConfig OFF =
      new OidcConfig(
          "",
          List.of(),
          "sub",
          "skopos_tenants",
          "skopos_rights",
          List.of(),
          Duration.ofSeconds(30),
          "",
          "",
          "",
          List.of("openid", "profile", "email"));

  public OidcConfig {
    audience = List.copyOf(audience);
    grants = List.copyOf(grants);
    scopes = List.copyOf(scopes);
    if (!issuer.isEmpty() && !issuer.matches("https?://[^?#]+")) {
      throw new IllegalArgumentException(
          "oidc.issuer '" + issuer + "' is not like https://login.example");
    }
    if (!issuer.isEmpty() && audience.isEmpty() && clientId.isEmpty()) {
      throw new IllegalArgumentException(
          "oidc needs audience or client_id, else tokens made for others would be accepted");
    }
  }

  /** Tenants and rights for those whose claim has a value. */
  public record Grant(
      @Setting(doc = "The claim, a text or a list.") String claim,
      @Setting(doc = "What it must be or hold.") String value,
      @Setting(doc = "Tenants; * is all.") List<String> tenants,
      @Setting(doc = "Of read, write, admin and act; * is all.", defaultValue = "read")
          List<String> rights) {

    public Grant {
      tenants = List.copyOf(tenants);
      rights = List.copyOf(rights);
      if (claim.isBlank() || value.isBlank() || tenants.isEmpty()) {
        throw new IllegalArgumentException("a grant needs claim, value and tenants");
      }
      rights.forEach(Right::set);
    }
  }

  public boolean enabled() {
    return !issuer.isEmpty();
  }

  public boolean signsIn() {
    return enabled() && !clientId.isEmpty();
  }
}
