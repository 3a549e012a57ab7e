// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/** How the server's own log lines look and where they go. Found by Logback; nobody calls it. */
@NullMarked
package io.skopos.server.logging;

import org.jspecify.annotations.NullMarked;
