// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.dns;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** A name server on UDP and TCP of one port, with records a test gives it. */
final class NameServer implements AutoCloseable {

  private final ServerSocket tcp;
  private final DatagramSocket udp;
  private final Map<String, List<byte[]>> records = new ConcurrentHashMap<>();
  final List<String> asked = new CopyOnWriteArrayList<>();
  volatile boolean truncates;
  volatile int code = -1;

  NameServer() throws IOException {
    tcp = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    udp = new DatagramSocket(tcp.getLocalPort(), InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::serveUdp);
    Thread.ofVirtual().start(this::serveTcp);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), tcp.getLocalPort());
  }

  void add(String name, DnsRecordType type, byte[] data) {
    records.computeIfAbsent(name + " " + type.code(), _ -> new ArrayList<>()).add(data);
  }

  void clear() {
    records.clear();
  }

  static byte[] srv(int port, String host) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 1, 0, 2, (byte) (port >> 8), (byte) port});
    out.writeBytes(name(host));
    return out.toByteArray();
  }

  static byte[] mx(String host) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {0, 10});
    out.writeBytes(name(host));
    return out.toByteArray();
  }

  static byte[] name(String name) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (String label : name.split("\\.")) {
      out.write(label.length());
      out.writeBytes(label.getBytes(StandardCharsets.US_ASCII));
    }
    out.write(0);
    return out.toByteArray();
  }

  private byte[] answer(byte[] question, boolean overUdp) {
    StringBuilder name = new StringBuilder();
    int at = 12;
    while (question[at] != 0) {
      name.append(name.isEmpty() ? "" : ".");
      name.append(new String(question, at + 1, question[at], StandardCharsets.US_ASCII));
      at += question[at] + 1;
    }
    int type = (question[at + 1] & 0xff) << 8 | question[at + 2] & 0xff;
    asked.add(name + " " + type + (overUdp ? "" : " tcp"));
    List<byte[]> found = records.getOrDefault(name + " " + type, List.of());
    boolean cut = overUdp && truncates;
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(question, 0, 2);
    int status = code >= 0 ? code : found.isEmpty() ? DnsMessage.NO_SUCH_NAME : 0;
    out.writeBytes(
        new byte[] {
          (byte) (0x81 | (cut ? 2 : 0)),
          (byte) (0x80 | status),
          0,
          1,
          0,
          (byte) (cut ? 0 : found.size() + 1),
          0,
          0,
          0,
          0
        });
    out.write(question, 12, at + 5 - 12);
    if (!cut) {
      // An alias before the records, as resolvers send it.
      record(out, 5, name("alias.example"));
      found.forEach(data -> record(out, type, data));
    }
    return out.toByteArray();
  }

  private static void record(ByteArrayOutputStream out, int type, byte[] data) {
    out.writeBytes(new byte[] {(byte) 0xc0, 12, 0, (byte) type, 0, 1, 0, 0, 0, 60});
    out.writeBytes(new byte[] {0, (byte) data.length});
    out.writeBytes(data);
  }

  private void serveUdp() {
    byte[] buffer = new byte[2048];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        udp.receive(packet);
        byte[] question = Arrays.copyOf(buffer, packet.getLength());
        // What somebody else answers must not count: another id.
        byte[] forged = answer(question, true);
        forged[0] ^= 1;
        udp.send(new DatagramPacket(forged, forged.length, packet.getSocketAddress()));
        byte[] answer = answer(question, true);
        udp.send(new DatagramPacket(answer, answer.length, packet.getSocketAddress()));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serveTcp() {
    while (!tcp.isClosed()) {
      try (Socket socket = tcp.accept()) {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        byte[] question = new byte[in.readUnsignedShort()];
        in.readFully(question);
        byte[] answer = answer(question, false);
        DataOutputStream out = new DataOutputStream(socket.getOutputStream());
        out.writeShort(answer.length);
        out.write(answer);
        out.flush();
      } catch (IOException e) {
        // Closed, or a client that left.
      }
    }
  }

  @Override
  public void close() throws IOException {
    udp.close();
    tcp.close();
  }
}
