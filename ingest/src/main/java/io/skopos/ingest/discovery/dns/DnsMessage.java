// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.dns;

import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * DNS messages (RFC 1035, section 4): a question with one name, and what an answer says to it.
 *
 * @param code 0 for success, 3 for a name that does not exist
 * @param truncated the whole answer is to be had over TCP
 * @param records those of the type that was asked for, also behind aliases
 */
record DnsMessage(int code, boolean truncated, List<DnsRecord> records) {

  static final int NO_SUCH_NAME = 3;

  private static final int HEADER_BYTES = 12;
  private static final int MAX_NAME_BYTES = 255;

  /**
   * One record.
   *
   * @param host a name without the last dot, or an address
   * @param port of SRV; else 0
   */
  record DnsRecord(String host, int port) {}

  /** A message that is not what the RFC says. */
  static final class Malformed extends Exception {

    private static final long serialVersionUID = 1L;

    Malformed(String message) {
      super(message);
    }
  }

  /** A question that asks the server to resolve for us. */
  static byte[] question(int id, String name, DnsRecordType type) throws Malformed {
    ByteArrayOutputStream out = new ByteArrayOutputStream(64);
    out.writeBytes(new byte[] {(byte) (id >> 8), (byte) id, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0});
    int length = 1;
    for (String label : name.split("\\.")) {
      byte[] bytes = label.getBytes(StandardCharsets.UTF_8);
      length += bytes.length + 1;
      if (bytes.length == 0 || bytes.length > 63 || length > MAX_NAME_BYTES) {
        throw new Malformed("'" + name + "' is not a name DNS can carry");
      }
      out.write(bytes.length);
      out.writeBytes(bytes);
    }
    out.writeBytes(new byte[] {0, 0, (byte) type.code(), 0, 1});
    return out.toByteArray();
  }

  /** Whether the message answers the question, by its id and its repeated question. */
  static boolean answers(byte[] message, int length, byte[] question) {
    return length >= question.length
        && message[0] == question[0]
        && message[1] == question[1]
        && (message[2] & 0x80) != 0
        && equalsIgnoringCase(message, question);
  }

  private static boolean equalsIgnoringCase(byte[] message, byte[] question) {
    for (int i = HEADER_BYTES; i < question.length; i++) {
      if (Character.toLowerCase((char) message[i]) != Character.toLowerCase((char) question[i])) {
        return false;
      }
    }
    return true;
  }

  static DnsMessage parse(byte[] message, int length, DnsRecordType type) throws Malformed {
    if (length < HEADER_BYTES) {
      throw new Malformed("the answer is shorter than a header");
    }
    byte[] bytes = Arrays.copyOf(message, length);
    int code = bytes[3] & 0x0f;
    boolean truncated = (bytes[2] & 0x02) != 0;
    int questions = unsigned(bytes, 4);
    int answers = unsigned(bytes, 6);
    int at = HEADER_BYTES;
    for (int i = 0; i < questions; i++) {
      at = skipName(bytes, at) + 4;
    }
    List<DnsRecord> records = new ArrayList<>();
    for (int i = 0; i < answers && !truncated; i++) {
      at = skipName(bytes, at);
      int recordType = unsigned(bytes, at);
      int size = unsigned(bytes, at + 8);
      at += 10;
      if (at + size > length) {
        throw new Malformed("a record ends behind the answer");
      }
      if (recordType == type.code()) {
        records.add(record(bytes, at, size, type));
      }
      at += size;
    }
    return new DnsMessage(code, truncated, List.copyOf(records));
  }

  private static DnsRecord record(byte[] bytes, int at, int size, DnsRecordType type)
      throws Malformed {
    return switch (type) {
      case A, AAAA -> {
        if (size != (type == DnsRecordType.A ? 4 : 16)) {
          throw new Malformed("an address has " + size + " bytes");
        }
        yield new DnsRecord(address(Arrays.copyOfRange(bytes, at, at + size)), 0);
      }
      case NS -> new DnsRecord(name(bytes, at), 0);
      case MX -> new DnsRecord(name(bytes, at + 2), 0);
      case SRV -> new DnsRecord(name(bytes, at + 6), unsigned(bytes, at + 4));
    };
  }

  private static String address(byte[] bytes) throws Malformed {
    try {
      return InetAddress.getByAddress(bytes).getHostAddress();
    } catch (UnknownHostException e) {
      throw new Malformed("an address has " + bytes.length + " bytes");
    }
  }

  /** The position behind a name, which may end in a pointer. */
  private static int skipName(byte[] bytes, int from) throws Malformed {
    int at = from;
    while (true) {
      int size = unsignedByte(bytes, at);
      if (size >= 0xc0) {
        return at + 2;
      }
      if (size > 63) {
        throw new Malformed("a label is longer than 63 bytes");
      }
      at += size + 1;
      if (size == 0) {
        return at;
      }
    }
  }

  private static String name(byte[] bytes, int from) throws Malformed {
    StringBuilder name = new StringBuilder();
    int at = from;
    // A pointer must lead backwards in an honest message; the count ends circles in others.
    for (int steps = 0; steps < 128; steps++) {
      int size = unsignedByte(bytes, at);
      if (size >= 0xc0) {
        at = (size & 0x3f) << 8 | unsignedByte(bytes, at + 1);
        continue;
      }
      if (size == 0) {
        return name.toString();
      }
      if (size > 63 || at + 1 + size > bytes.length || name.length() + size > MAX_NAME_BYTES) {
        throw new Malformed("a name is longer than it may be");
      }
      name.append(name.isEmpty() ? "" : ".");
      name.append(new String(bytes, at + 1, size, StandardCharsets.UTF_8));
      at += size + 1;
    }
    throw new Malformed("a name refers to itself");
  }

  private static int unsignedByte(byte[] bytes, int at) throws Malformed {
    if (at >= bytes.length) {
      throw new Malformed("the answer ends in the middle of a record");
    }
    return bytes[at] & 0xff;
  }

  private static int unsigned(byte[] bytes, int at) throws Malformed {
    return unsignedByte(bytes, at) << 8 | unsignedByte(bytes, at + 1);
  }
}
