// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What holds for each tenant: the common limits and times with its own values ({@link
 * io.skopos.server.tenants.TenantSettings}, which the rooms ask with each write and query), and how
 * much of them is used ({@link io.skopos.server.tenants.LimitsPage}).
 */
@NullMarked
package io.skopos.server.tenants;

import org.jspecify.annotations.NullMarked;
