// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import com.nimbusds.jwt.JWTClaimsSet;
import io.skopos.model.TenantId;
import java.time.Instant;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Whom a provider's token makes its bearer, by the config's mapping. */
final class OidcClaims {

  private final OidcConfig config;

  OidcClaims(OidcConfig config) {
    this.config = config;
  }

  /** Someone without any tenant or right is a caller all the same; every route refuses them. */
  Caller caller(JWTClaimsSet claims) {
    Set<TenantId> tenants = new HashSet<>();
    Set<Right> rights = EnumSet.noneOf(Right.class);
    boolean all = addTenants(texts(claims, config.tenantsClaim()), tenants);
    addRights(texts(claims, config.rightsClaim()), rights);
    for (OidcConfig.Grant grant : config.grants()) {
      if (texts(claims, grant.claim()).contains(grant.value())) {
        all |= addTenants(grant.tenants(), tenants);
        addRights(grant.rights(), rights);
      }
    }
    List<String> names = texts(claims, config.nameClaim());
    Instant expires =
        claims.getExpirationTime() == null ? null : claims.getExpirationTime().toInstant();
    return new Caller(
        names.isEmpty() ? String.valueOf(claims.getSubject()) : names.getFirst(),
        all ? null : tenants,
        rights,
        expires);
  }

  /** Whether all tenants are meant. What cannot be a tenant's name gives nothing. */
  private static boolean addTenants(List<String> names, Set<TenantId> tenants) {
    boolean all = false;
    for (String name : names) {
      if (name.equals("*")) {
        all = true;
        continue;
      }
      try {
        tenants.add(new TenantId(name));
      } catch (IllegalArgumentException e) {
        // The provider has names of other kinds in the claim.
      }
    }
    return all;
  }

  private static void addRights(List<String> names, Set<Right> rights) {
    for (String name : names) {
      try {
        rights.addAll(Right.set(name));
      } catch (IllegalArgumentException e) {
        // Likewise.
      }
    }
  }

  /** A list's texts, or the words of a text. */
  private static List<String> texts(JWTClaimsSet claims, String name) {
    Object value = name.isEmpty() ? null : claims.getClaim(name);
    if (value instanceof List<?> list) {
      return list.stream().filter(Objects::nonNull).map(Object::toString).toList();
    }
    return value instanceof String text
        ? Arrays.stream(text.split("[ ,]+")).filter(word -> !word.isEmpty()).toList()
        : List.of();
  }
}
