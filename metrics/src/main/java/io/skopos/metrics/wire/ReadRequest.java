// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import io.skopos.model.Matcher;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import io.skopos.web.wire.Utf8Check;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A {@code prometheus.ReadRequest}: what remote read asks for. Hints of the reader are passed over;
 * whole samples answer every query they could be for.
 *
 * @param accepted response types by number, what the reader likes best first; empty for readers
 *     that know only samples
 */
public record ReadRequest(List<Query> queries, List<Long> accepted) {

  /** In the order of their numbers. */
  private static final Matcher.Type[] TYPES = {
    Matcher.Type.EQUAL, Matcher.Type.NOT_EQUAL, Matcher.Type.REGEX, Matcher.Type.NOT_REGEX
  };

  /** More are not read: readers send one for each selector. */
  public static final int MAX_QUERIES = 1000;

  private static final int MAX_MATCHERS = 1000;

  /** Series that fit all matchers, between two times, both included, in Unix milliseconds. */
  public record Query(long startMs, long endMs, List<Matcher> matchers) {}

  public static ReadRequest decode(byte[] message, int length) throws MalformedMessage {
    ProtobufReader in = new ProtobufReader("remote read message");
    in.reset(message, 0);
    List<Query> queries = new ArrayList<>();
    List<Long> accepted = new ArrayList<>();
    while (in.at < length) {
      int tag = in.tag(length, "ReadRequest");
      switch (tag) {
        case 1 << 3 | ProtobufReader.LENGTH -> {
          if (queries.size() == MAX_QUERIES) {
            throw in.malformed("it has more than " + MAX_QUERIES + " queries");
          }
          queries.add(query(in, in.enter(length, "a query")));
        }
        case 2 << 3 -> accepted.add(in.varint(length, "a response type"));
        case 2 << 3 | ProtobufReader.LENGTH -> {
          int end = in.enter(length, "response types");
          while (in.at < end) {
            accepted.add(in.varint(end, "a response type"));
          }
        }
        default -> in.skip(tag, length, "ReadRequest");
      }
    }
    return new ReadRequest(queries, accepted);
  }

  private static Query query(ProtobufReader in, int end) throws MalformedMessage {
    long startMs = 0;
    long endMs = 0;
    List<Matcher> matchers = new ArrayList<>();
    while (in.at < end) {
      int tag = in.tag(end, "Query");
      switch (tag) {
        case 1 << 3 -> startMs = in.varint(end, "a query's start");
        case 2 << 3 -> endMs = in.varint(end, "a query's end");
        case 3 << 3 | ProtobufReader.LENGTH -> {
          if (matchers.size() == MAX_MATCHERS) {
            throw in.malformed("a query has more than " + MAX_MATCHERS + " matchers");
          }
          matchers.add(matcher(in, in.enter(end, "a matcher")));
        }
        default -> in.skip(tag, end, "Query");
      }
    }
    return new Query(startMs, endMs, matchers);
  }

  private static Matcher matcher(ProtobufReader in, int end) throws MalformedMessage {
    long type = 0;
    String name = "";
    String value = "";
    while (in.at < end) {
      int tag = in.tag(end, "LabelMatcher");
      switch (tag) {
        case 1 << 3 -> type = in.varint(end, "a matcher's type");
        case 2 << 3 | ProtobufReader.LENGTH -> name = text(in, end, "a matcher's name");
        case 3 << 3 | ProtobufReader.LENGTH -> value = text(in, end, "a matcher's value");
        default -> in.skip(tag, end, "LabelMatcher");
      }
    }
    if (type < 0 || type >= TYPES.length) {
      throw in.malformed("a matcher has the unknown type " + type);
    }
    return new Matcher(TYPES[(int) type], name, value);
  }

  private static String text(ProtobufReader in, int end, String what) throws MalformedMessage {
    int to = in.enter(end, what);
    if (!Utf8Check.isValid(in.bytes, in.at, to - in.at)) {
      throw in.malformed(what + " is not valid UTF-8");
    }
    String text = new String(in.bytes, in.at, to - in.at, StandardCharsets.UTF_8);
    in.at = to;
    return text;
  }
}
