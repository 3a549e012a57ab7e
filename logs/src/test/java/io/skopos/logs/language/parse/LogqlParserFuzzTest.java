// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.parse;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.engine.QueryAborted;
import io.skopos.engine.QueryBudget;
import io.skopos.engine.QueryFailed;
import io.skopos.logs.language.Direction;
import io.skopos.logs.language.EntriesRequest;
import io.skopos.logs.language.LogqlEngine;
import io.skopos.logs.language.LogqlQuery;
import io.skopos.logs.language.MemoryLogs;
import io.skopos.logs.language.QueryLimits;
import io.skopos.logs.language.QueryRefused;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;

/**
 * Any text parses, prints as what parses to the same and is answered from a few lines; or it is
 * refused in words. Normal builds run the inputs kept as resources.
 */
class LogqlParserFuzzTest {

  private static final long SECOND = 1_000_000_000L;
  private static final LogqlEngine ENGINE = new LogqlEngine(lines());

  private static MemoryLogs lines() {
    MemoryLogs logs = new MemoryLogs(2, false);
    Labels stream = Labels.of("a", "b", "app", "x");
    logs.add(stream, SECOND, "{\"a\": {\"b\": [1, \"2\"]}, \"d\": \"5s\"}", Labels.EMPTY);
    logs.add(stream, 2 * SECOND, "a=1 b=\"c d\" size=10KB took=1.5ms err", Labels.of("m", "1"));
    logs.add(stream, 3 * SECOND, "10.0.0.1 - - \"GET /x HTTP/1.1\" 200 12", Labels.EMPTY);
    return logs;
  }

  @FuzzTest(maxDuration = "10s")
  void parsesPrintsAndAnswersOrExplains(FuzzedDataProvider data) {
    String text = data.consumeRemainingAsString();
    LogqlQuery query;
    try {
      query = LogqlQuery.parse(text);
    } catch (ParseFailed e) {
      assertThat(e.getMessage()).isNotBlank();
      return;
    }
    String printed = query.canonical();
    assertThat(reparse(printed).canonical()).isEqualTo(printed);
    assertThat(reparse(query.pretty()).canonical()).isEqualTo(printed);
    QueryBudget budget =
        new QueryBudget(new QueryBudget.Limits(100_000, 1000, 1 << 20), 5 * SECOND);
    try {
      if (query.isMetric()) {
        ENGINE.range(TenantId.ANONYMOUS, query, 0, 5 * SECOND, 1000, QueryLimits.UNLIMITED, budget);
      } else {
        ENGINE.entries(
            TenantId.ANONYMOUS,
            query,
            new EntriesRequest(0, 5 * SECOND, 10, Direction.BACKWARD, 0),
            budget);
      }
    } catch (QueryRefused | QueryFailed | QueryAborted e) {
      assertThat(e.getMessage()).isNotBlank();
    }
  }

  private static LogqlQuery reparse(String printed) {
    try {
      return LogqlQuery.parse(printed);
    } catch (ParseFailed e) {
      throw new AssertionError("the printed text does not parse: " + printed, e);
    }
  }
}
