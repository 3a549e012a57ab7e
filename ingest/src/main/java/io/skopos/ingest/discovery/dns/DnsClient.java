// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.dns;

import io.skopos.ingest.discovery.DiscoveryFailure;
import io.skopos.ingest.discovery.dns.DnsMessage.DnsRecord;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Asks name servers over UDP, and over TCP where an answer does not fit. Thread-safe. */
final class DnsClient {

  private static final int MAX_UDP_BYTES = 4096;

  /** Unpredictable ids (and a fresh port for each question) make answers hard to forge. */
  private static final SecureRandom RANDOM = new SecureRandom();

  private final ResolverConfig config;

  DnsClient(ResolverConfig config) {
    this.config = config;
  }

  /** The records of a name; none when the name or such records do not exist. */
  List<DnsRecord> lookup(String name, DnsRecordType type)
      throws DiscoveryFailure, InterruptedException {
    for (String candidate : config.candidates(name)) {
      DnsMessage answer = ask(candidate, type);
      if (!answer.records().isEmpty()) {
        return answer.records();
      }
    }
    return List.of();
  }

  private DnsMessage ask(String name, DnsRecordType type)
      throws DiscoveryFailure, InterruptedException {
    Exception last = null;
    int code = -1;
    for (int attempt = 0; attempt < config.attempts(); attempt++) {
      for (InetSocketAddress server : config.servers()) {
        if (Thread.interrupted()) {
          throw new InterruptedException();
        }
        try {
          DnsMessage answer = ask(server, name, type);
          if (answer.code() == 0 || answer.code() == DnsMessage.NO_SUCH_NAME) {
            return answer;
          }
          code = answer.code();
        } catch (IOException | DnsMessage.Malformed e) {
          last = e;
        }
      }
    }
    throw failure(name, type, code, last);
  }

  private DiscoveryFailure failure(
      String name, DnsRecordType type, int code, @Nullable Exception last) {
    String why =
        last instanceof SocketTimeoutException
            ? "no answer within " + config.timeout().toSeconds() + " s"
            : last == null ? "the answer has the code " + code : String.valueOf(last.getMessage());
    return new DiscoveryFailure(
        "cannot resolve the "
            + type
            + " records of '"
            + name
            + "' with any of the servers "
            + config.servers()
            + ": "
            + why,
        last == null ? new IOException(why) : last);
  }

  private DnsMessage ask(InetSocketAddress server, String name, DnsRecordType type)
      throws IOException, DnsMessage.Malformed {
    byte[] question = DnsMessage.question(RANDOM.nextInt(1 << 16), name, type);
    DnsMessage answer = overUdp(server, question, type);
    return answer.truncated() ? overTcp(server, question, type) : answer;
  }

  private DnsMessage overUdp(InetSocketAddress server, byte[] question, DnsRecordType type)
      throws IOException, DnsMessage.Malformed {
    long end = System.nanoTime() + config.timeout().toNanos();
    try (DatagramSocket socket = new DatagramSocket()) {
      socket.connect(server);
      socket.send(new DatagramPacket(question, question.length));
      byte[] buffer = new byte[MAX_UDP_BYTES];
      while (true) {
        long leftMs = (end - System.nanoTime()) / 1_000_000;
        if (leftMs <= 0) {
          throw new SocketTimeoutException("no answer");
        }
        socket.setSoTimeout((int) leftMs);
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        if (DnsMessage.answers(buffer, packet.getLength(), question)) {
          return DnsMessage.parse(buffer, packet.getLength(), type);
        }
      }
    }
  }

  private DnsMessage overTcp(InetSocketAddress server, byte[] question, DnsRecordType type)
      throws IOException, DnsMessage.Malformed {
    int timeoutMs = (int) config.timeout().toMillis();
    try (Socket socket = new Socket()) {
      socket.connect(server, timeoutMs);
      socket.setSoTimeout(timeoutMs);
      DataOutputStream out = new DataOutputStream(socket.getOutputStream());
      out.writeShort(question.length);
      out.write(question);
      out.flush();
      DataInputStream in = new DataInputStream(socket.getInputStream());
      byte[] answer = new byte[in.readUnsignedShort()];
      in.readFully(answer);
      if (!DnsMessage.answers(answer, answer.length, question)) {
        throw new DnsMessage.Malformed("the answer is not to the question asked");
      }
      return DnsMessage.parse(answer, answer.length, type);
    }
  }
}
