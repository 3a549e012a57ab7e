// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/** The only room that knows all others: config, command line, wiring, the server's own metrics. */
@NullMarked
package io.skopos.server;

import org.jspecify.annotations.NullMarked;
