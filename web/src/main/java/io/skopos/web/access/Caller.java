// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import com.linecorp.armeria.common.RequestHeaders;
import io.skopos.model.TenantId;
import io.skopos.web.HttpError;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Who sends a request, which tenants they may name and what they may do.
 *
 * @param name null when access control is off
 * @param tenants null means every tenant
 * @param expires when the credentials end; null for never
 */
public record Caller(
    @Nullable String name,
    @Nullable Set<TenantId> tenants,
    Set<Right> rights,
    @Nullable Instant expires) {

  public static final Caller ANYONE = new Caller(null, null, Right.ALL, null);

  private static final String TENANT_HEADER = "x-scope-orgid";

  public Caller {
    tenants = tenants == null ? null : Set.copyOf(tenants);
    rights = Set.copyOf(rights);
  }

  public boolean mayUse(TenantId tenant) {
    return tenants == null || tenants.contains(tenant);
  }

  /** Whether this caller may do all that {@code other} may. */
  public boolean covers(Caller other) {
    Set<TenantId> theirs = other.tenants;
    return rights.containsAll(other.rights)
        && (tenants == null || (theirs != null && tenants.containsAll(theirs)));
  }

  /** The tenants as users write them. */
  public String tenantText() {
    return tenants == null
        ? "*"
        : tenants.stream().sorted().map(TenantId::value).collect(Collectors.joining(","));
  }

  /**
   * @param what for the message: method and path
   * @throws HttpError 403 when the right is missing
   */
  public void require(Right right, String what) {
    if (!rights.contains(right)) {
      throw forbidden(
          what + " needs the right " + right.key() + "; " + this + " has " + Right.text(rights));
    }
  }

  /**
   * @throws HttpError 403 when some tenants are not the caller's
   */
  public void requireAllTenants(String what) {
    if (tenants != null) {
      throw forbidden(
          what
              + " concerns the whole server and needs all tenants (*); "
              + this
              + " has "
              + tenantText());
    }
  }

  /** The tenant the request names, or else the caller's only one, or else the anonymous one. */
  public TenantId tenant(RequestHeaders headers) {
    List<String> named = headers.getAll(TENANT_HEADER);
    if (named.size() > 1) {
      throw HttpError.badData("X-Scope-OrgID is given " + named.size() + " times; give it once");
    }
    TenantId tenant = named.isEmpty() ? unnamed() : parse(named.getFirst());
    if (!mayUse(tenant)) {
      throw forbidden(
          named.isEmpty()
              ? this + " has the tenants " + tenantText() + "; name one of them in X-Scope-OrgID"
              : this + " has no access to the tenant '" + tenant + "', only to " + tenantText());
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

  private static HttpError forbidden(String message) {
    return new HttpError(403, "forbidden", message);
  }

  /** For messages. */
  @Override
  public String toString() {
    return name == null ? "anyone" : "'" + name + "'";
  }
}
