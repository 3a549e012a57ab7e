// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpResponse;
import java.util.Map;

/** Requests to one server as one caller. Thread-safe. */
public interface ServerSession extends AutoCloseable {

  /**
   * Sends and returns the answer, whatever its status; its body is to be read to the end or closed.
   *
   * @param path with the query string
   */
  HttpResponse<InputStream> send(
      String method, String path, Map<String, String> headers, byte[] body)
      throws IOException, InterruptedException;

  String url();

  /** Whose data; empty for the server's default. */
  String tenant();

  @Override
  void close();
}
