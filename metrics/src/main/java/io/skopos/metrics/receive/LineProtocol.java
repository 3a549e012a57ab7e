// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.receive;

import io.skopos.metrics.wire.RowSink;
import io.skopos.metrics.wire.graphite.GraphiteLines;
import io.skopos.metrics.wire.opentsdb.PutLines;
import java.time.InstantSource;
import java.util.Locale;

/** A protocol whose lines come over a plain socket. */
enum LineProtocol {
  GRAPHITE,
  OPENTSDB;

  /** Reads the lines of one connection. */
  interface Reader {
    /**
     * @return what to answer at once; mostly nothing
     */
    String read(byte[] bytes, int from, int to);
  }

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  Reader reader(RowSink sink, InstantSource clock) {
    return switch (this) {
      case GRAPHITE -> {
        GraphiteLines lines = new GraphiteLines(sink);
        yield (bytes, from, to) -> {
          lines.read(bytes, from, to, clock.millis());
          return "";
        };
      }
      case OPENTSDB -> new Telnet(new PutLines(sink));
    };
  }

  /** Answers only to questions and mistakes, as OpenTSDB does. */
  private static final class Telnet implements Reader {

    private final PutLines lines;
    private long number;

    private Telnet(PutLines lines) {
      this.lines = lines;
    }

    @Override
    public String read(byte[] bytes, int from, int to) {
      StringBuilder answers = new StringBuilder();
      int at = from;
      while (at < to) {
        int end = at;
        while (end < to && bytes[end] != '\n') {
          end++;
        }
        int lineEnd = end > at && bytes[end - 1] == '\r' ? end - 1 : end;
        number++;
        if (isVersion(bytes, at, lineEnd)) {
          answers.append("Skopos, which takes put\n");
        } else {
          String problem = lines.read(bytes, at, lineEnd, number);
          if (!problem.isEmpty()) {
            answers.append("put: illegal argument: ").append(problem).append('\n');
          }
        }
        at = end + 1;
      }
      return answers.toString();
    }

    private static boolean isVersion(byte[] bytes, int from, int to) {
      return to - from == 7
          && new String(bytes, from, 7, java.nio.charset.StandardCharsets.US_ASCII)
              .equals("version");
    }
  }
}
