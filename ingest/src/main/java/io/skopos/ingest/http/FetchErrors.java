// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.io.EOFException;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Says what went wrong with a request; exceptions of sockets often leave the message empty. */
final class FetchErrors {

  private static final String REFUSED = "connection refused";

  private FetchErrors() {}

  static String describe(Throwable failure, URI url) {
    String address = url.getHost() + ":" + port(url);
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      String known = known(cause, address);
      if (known != null) {
        return known;
      }
    }
    String message = failure.getMessage();
    return "cannot fetch from "
        + address
        + ": "
        + (message == null ? failure.getClass().getSimpleName() : message);
  }

  private static @Nullable String known(Throwable cause, String address) {
    return switch (cause) {
      case UnknownHostException e -> "no such host: " + address;
      case SSLException e -> "TLS with " + address + " failed: " + e.getMessage();
      case EOFException e -> address + " closed the connection before its answer was complete";
      case ConnectException e -> "cannot connect to " + address + ": " + reason(e);
      default -> null;
    };
  }

  /** The client's own exception says nothing when it was the first address that refused. */
  private static String reason(ConnectException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause.getMessage() != null) {
        String message = cause.getMessage();
        return message.startsWith("Connection refused") ? REFUSED : message;
      }
    }
    return REFUSED;
  }

  private static int port(URI url) {
    if (url.getPort() >= 0) {
      return url.getPort();
    }
    return url.getScheme().equals("https") ? 443 : 80;
  }
}
