// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The HTTP server and what every endpoint needs from it: tenant, access, bounded and decompressed
 * bodies, errors in one shape, cancellation when the client goes. Wings bring their own routes;
 * nothing here knows a signal.
 */
@NullMarked
package io.skopos.web;

import org.jspecify.annotations.NullMarked;
