// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.metrics.wire.csv.CsvFormat;
import io.skopos.metrics.wire.csv.CsvLines;
import io.skopos.metrics.wire.graphite.GraphiteLines;
import io.skopos.metrics.wire.influx.InfluxLines;
import io.skopos.metrics.wire.influx.Precision;
import io.skopos.metrics.wire.opentsdb.PutJson;
import io.skopos.metrics.wire.opentsdb.PutLines;
import io.skopos.metrics.wire.victoria.JsonLines;
import io.skopos.model.Label;
import io.skopos.web.wire.LabelBuffer;
import io.skopos.web.wire.MalformedMessage;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Whatever the bytes are, each line is a row or has something wrong, which is said. */
class TextProtocolFuzzTest {

  private static final long NOW_MS = 1_700_000_000_000L;

  private static final class Rows implements RowSink {

    private final LabelBuffer labels = new LabelBuffer();

    @Override
    public LabelBuffer labels() {
      return labels;
    }

    @Override
    public void row(long line, long timeMs, double value) {
      assertThat(line).isPositive();
      if (labels.canonicalize() == null) {
        assertThat(labels.canonicalLength()).isPositive();
      }
    }

    @Override
    public void bad(long line, String problem) {
      assertThat(line).isPositive();
      assertThat(problem).isNotEmpty();
    }
  }

  @FuzzTest(maxDuration = "5s")
  void influx(byte[] body) {
    new InfluxLines(Precision.SECONDS, NOW_MS, List.of(new Label("db", "x")), new Rows())
        .read(body, 0, body.length);
  }

  @FuzzTest(maxDuration = "5s")
  void graphite(byte[] body) {
    new GraphiteLines(new Rows()).read(body, 0, body.length, NOW_MS);
  }

  @FuzzTest(maxDuration = "5s")
  void openTsdb(byte[] body) {
    String unused = new PutLines(new Rows()).read(body, 0, body.length, 1);
    try {
      new PutJson(new Rows()).read(body, 0, body.length);
    } catch (MalformedMessage e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
  }

  @FuzzTest(maxDuration = "5s")
  void csv(byte[] body) {
    int half = body.length / 2;
    try {
      CsvFormat format = CsvFormat.parse(new String(body, 0, half, StandardCharsets.UTF_8));
      new CsvLines(format, NOW_MS, new Rows()).read(body, half, body.length);
    } catch (IllegalArgumentException e) {
      assertThat(e.getMessage()).isNotEmpty();
    }
    new CsvLines(CsvFormat.parse("2:metric:m,1:time:rfc3339"), NOW_MS, new Rows())
        .read(body, 0, body.length);
  }

  @FuzzTest(maxDuration = "5s")
  void json(byte[] body) {
    new JsonLines(new Rows()).read(body, 0, body.length);
  }
}
