// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a proxy, over a connection to it, for a way to the target: CONNECT or SOCKS5. */
final class Tunnel {

  private Tunnel() {}

  /** The {@code Proxy-Authorization} a proxy's URL asks for, or null. */
  static @Nullable String authorization(URI proxy) {
    String user = proxy.getRawUserInfo();
    if (user == null) {
      return null;
    }
    byte[] pair = decoded(user).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
  }

  static void connect(
      Socket proxy, Route route, URI proxyUrl, String userAgent, Map<String, List<String>> headers)
      throws IOException, FetchFailure {
    StringBuilder head = new StringBuilder();
    head.append("CONNECT ").append(route.authority()).append(" HTTP/1.1\r\n");
    head.append("Host: ").append(route.authority()).append("\r\n");
    head.append("User-Agent: ").append(userAgent).append("\r\n");
    String authorization = authorization(proxyUrl);
    if (authorization != null) {
      head.append("Proxy-Authorization: ").append(authorization).append("\r\n");
    }
    for (Map.Entry<String, List<String>> header : headers.entrySet()) {
      for (String value : header.getValue()) {
        HttpRequestHead.header(head, header.getKey(), value);
      }
    }
    OutputStream out = proxy.getOutputStream();
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
    // Not buffered: what follows the head is the target's.
    ResponseHead answer = ResponseHead.read(proxy.getInputStream());
    if (answer.status() / 100 != 2) {
      throw new FetchFailure(
          "the proxy answered the request for a tunnel to "
              + route.authority()
              + " with status "
              + answer.status());
    }
  }

  /** RFC 1928 and, with a user in the proxy's URL, RFC 1929; the proxy resolves the name. */
  static void socks5(Socket proxy, Route route, URI proxyUrl) throws IOException, FetchFailure {
    OutputStream out = proxy.getOutputStream();
    DataInputStream in = new DataInputStream(proxy.getInputStream());
    String user = proxyUrl.getRawUserInfo();
    out.write(user == null ? new byte[] {5, 1, 0} : new byte[] {5, 2, 0, 2});
    out.flush();
    int version = in.readUnsignedByte();
    int method = in.readUnsignedByte();
    if (version == 5 && method == 2 && user != null) {
      authenticate(out, in, user);
    } else if (version != 5 || method != 0) {
      throw new FetchFailure("the SOCKS5 proxy accepts none of our ways to authenticate");
    }
    byte[] host = route.host().getBytes(StandardCharsets.UTF_8);
    if (host.length > 255) {
      throw new FetchFailure("the host's name is too long for SOCKS5");
    }
    out.write(new byte[] {5, 1, 0, 3, (byte) host.length});
    out.write(host);
    out.write(new byte[] {(byte) (route.port() >> 8), (byte) route.port()});
    out.flush();
    in.readUnsignedByte();
    int status = in.readUnsignedByte();
    if (status != 0) {
      throw new FetchFailure(
          "the SOCKS5 proxy cannot connect to " + route.authority() + " (code " + status + ")");
    }
    in.readUnsignedByte();
    int bound =
        switch (in.readUnsignedByte()) {
          case 1 -> 4;
          case 4 -> 16;
          default -> in.readUnsignedByte();
        };
    skip(in, bound + 2);
  }

  private static void authenticate(OutputStream out, InputStream in, String rawUser)
      throws IOException, FetchFailure {
    int colon = rawUser.indexOf(':');
    byte[] user =
        decoded(colon < 0 ? rawUser : rawUser.substring(0, colon)).getBytes(StandardCharsets.UTF_8);
    byte[] password =
        colon < 0
            ? new byte[0]
            : decoded(rawUser.substring(colon + 1)).getBytes(StandardCharsets.UTF_8);
    if (user.length > 255 || password.length > 255) {
      throw new FetchFailure("the SOCKS5 proxy's user or password is longer than 255 bytes");
    }
    out.write(new byte[] {1, (byte) user.length});
    out.write(user);
    out.write(password.length);
    out.write(password);
    out.flush();
    DataInputStream answer = new DataInputStream(in);
    answer.readUnsignedByte();
    if (answer.readUnsignedByte() != 0) {
      throw new FetchFailure("the SOCKS5 proxy refused user and password");
    }
  }

  private static void skip(DataInputStream in, int bytes) throws IOException {
    in.readFully(new byte[bytes]);
  }
}
