// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Listeners for protocols that are not HTTP: {@link io.skopos.web.sockets.TcpListener} accepts a
 * bounded number of connections, with TLS if wanted, and gives each a thread. What is spoken on
 * them is for others to know.
 */
@NullMarked
package io.skopos.web.sockets;

import org.jspecify.annotations.NullMarked;
