// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Who calls, and what they may do. A {@link io.skopos.web.access.CallerSource} knows one kind of
 * credentials (a session's cookie, a file of passwords, tokens, an OpenID provider's JWTs); {@link
 * io.skopos.web.access.AccessControl} asks them in turn. A {@link io.skopos.web.access.Caller} has
 * tenants and rights; each route names the {@link io.skopos.web.access.Right} it needs. Nothing
 * here knows where tokens are kept: the server brings a {@link io.skopos.web.access.TokenLookup}.
 */
@NullMarked
package io.skopos.web.access;

import org.jspecify.annotations.NullMarked;
