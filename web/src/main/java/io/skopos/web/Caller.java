// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.RequestHeaders;
import io.skopos.model.TenantId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request and which tenants they may name.
 *
 * @param name null when access control is off
 * @param tenants null means every tenant
 */
record Caller(@Nullable String name, @Nullable Set<TenantId> tenants) {

  static final Caller ANYONE = new Caller(null, null);

  private static final String TENANT_HEADER = "x-scope-orgid";

  /** The tenant the request names, or else the caller's only one, or else the anonymous one. */
  TenantId tenant(RequestHeaders headers) {
    List<String> named = headers.getAll(TENANT_HEADER);
    if (named.size() > 1) {
      throw HttpError.badData("X-Scope-OrgID is given " + named.size() + " times; give it once");
    }
    TenantId tenant = named.isEmpty() ? unnamed() : parse(named.getFirst());
    if (tenants != null && !tenants.contains(tenant)) {
      throw new HttpError(
          403, "forbidden", "'" + name + "' has no access to the tenant '" + tenant + "'");
    }
    return tenant;
  }

  private TenantId unnamed() {
    return tenants != null && tenants.size() == 1 ? tenants.iterator().next() : TenantId.ANONYMOUS;
  }

  private static TenantId parse(String text) {
    if (text.indexOf('|') >= 0) {
      throw HttpError.badData(
          "X-Scope-OrgID names several tenants ('"
              + text
              + "'), which is not supported; send one request per tenant");
    }
    try {
      return new TenantId(text.strip());
    } catch (IllegalArgumentException e) {
      throw HttpError.badData("bad X-Scope-OrgID: " + e.getMessage());
    }
  }
}
