// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

/** Takes a client that wants a WebSocket (RFC 6455). */
@FunctionalInterface
public interface SocketHandler {

  /**
   * Looks at the request before the connection changes its protocol; runs on a thread that may
   * wait. An {@link HttpError} is answered as such. What the socket is sent goes out once it is
   * open.
   */
  void open(Request request, Socket socket) throws Exception;
}
