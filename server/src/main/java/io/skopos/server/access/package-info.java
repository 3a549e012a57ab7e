// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Access as the whole server sees it: tokens made at run time and kept as documents ({@link
 * io.skopos.server.access.TokenStore}), the calls of administrators written down as events ({@link
 * io.skopos.server.access.AuditEvents}), and the way in for the command line on the same machine
 * ({@link io.skopos.server.access.LocalAccess}). How callers are recognized is {@code web.access}.
 */
@NullMarked
package io.skopos.server.access;

import org.jspecify.annotations.NullMarked;
