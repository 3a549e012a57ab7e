// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.receive;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.wire.Discovery;
import io.skopos.logs.wire.JsonEntry;
import io.skopos.web.wire.TextLines;
import java.util.List;
import java.util.Map;

/** Whatever the lines of a bulk request are, each is an action or an object, or is refused. */
class BulkFuzzTest {

  private static final Discovery DISCOVERY = new Discovery(LogsConfig.DEFAULT);

  @FuzzTest(maxDuration = "10s")
  void anyLines(byte[] body) {
    JsonEntry entry =
        new JsonEntry(
            new JsonEntry.Mapping(
                List.of("@timestamp"), List.of("message"), List.of(), false, List.of(), Map.of()),
            DISCOVERY);
    LogBatch batch = new LogBatch();
    TextLines lines = new TextLines(body, 0, body.length);
    int kept = 0;
    while (lines.advance()) {
      BulkAction action = BulkAction.read(body, lines.from(), lines.to(), "d");
      if (action != null) {
        assertThat(action.name()).isIn("create", "index", "update", "delete");
      }
      Map<String, String> labels =
          action == null || action.index().isEmpty() ? Map.of() : Map.of("index", action.index());
      if (entry.read(body, lines.from(), lines.to(), labels, 1, batch) == null) {
        kept++;
      }
    }
    assertThat(batch.rows()).isEqualTo(kept);
  }
}
