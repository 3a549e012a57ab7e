// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy on a real socket: forwards plain HTTP by absolute URLs, tunnels by CONNECT, and speaks
 * SOCKS5, all to one place whatever it is asked for.
 */
final class TestProxy implements AutoCloseable {

  private final ServerSocket server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
  private final int target;
  final List<String> heads = new CopyOnWriteArrayList<>();
  volatile boolean refuses;

  TestProxy(int targetPort) throws IOException {
    target = targetPort;
    Thread.ofPlatform().daemon().start(this::run);
  }

  int port() {
    return server.getLocalPort();
  }

  private void run() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Thread.ofPlatform().daemon().start(() -> serve(client));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket there = new Socket(InetAddress.getLoopbackAddress(), target)) {
      InputStream in = client.getInputStream();
      OutputStream out = client.getOutputStream();
      int first = in.read();
      if (first == 5) {
        socks(new DataInputStream(in), out);
      } else {
        String head = (char) first + head(in);
        heads.add(head);
        if (refuses) {
          out.write("HTTP/1.1 407 No\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
          return;
        }
        if (head.startsWith("CONNECT ")) {
          out.write("HTTP/1.1 200 Go\r\nX: y\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        } else {
          there.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
        }
      }
      Thread back = Thread.ofPlatform().daemon().start(() -> copy(there, client));
      copy(client, there);
      back.join();
    } catch (IOException e) {
      // One of both has left.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    return head.toString();
  }

  private void socks(DataInputStream in, OutputStream out) throws IOException {
    in.readFully(new byte[in.readUnsignedByte()]);
    out.write(new byte[] {5, 2});
    in.readUnsignedByte();
    byte[] user = new byte[in.readUnsignedByte()];
    in.readFully(user);
    byte[] password = new byte[in.readUnsignedByte()];
    in.readFully(password);
    boolean known = new String(user).equals("me") && new String(password).equals("p@ss");
    out.write(new byte[] {1, (byte) (known ? 0 : 1)});
    in.readFully(new byte[4]);
    byte[] host = new byte[in.readUnsignedByte()];
    in.readFully(host);
    heads.add("SOCKS " + new String(host) + ":" + in.readUnsignedShort());
    out.write(new byte[] {5, (byte) (refuses ? 5 : 0), 0, 1, 0, 0, 0, 0, 0, 0});
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One of both has left.
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
