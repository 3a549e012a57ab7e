// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.logs.language.LogEntry;
import io.skopos.logs.language.TailQuery;
import io.skopos.logs.language.ast.LogExpr;
import io.skopos.logs.language.pipeline.EntryState;
import io.skopos.logs.language.pipeline.Pipeline;
import io.skopos.logs.store.LogRun;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.storage.index.LabelPattern;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;

/** A log query for entries as they come in. */
public final class TailEvaluation implements TailQuery {

  private final List<Predicate<Labels>> conditions;
  private final Pipeline pipeline;
  private final EntryState entry = new EntryState();

  public TailEvaluation(LogExpr log) {
    conditions = log.matchers().stream().map(TailEvaluation::condition).toList();
    pipeline = PipelineCompiler.compile(log.stages());
  }

  private static Predicate<Labels> condition(Matcher matcher) {
    String name = matcher.name();
    return switch (matcher.type()) {
      case EQUAL -> labels -> labels.getOrEmpty(name).equals(matcher.value());
      case NOT_EQUAL -> labels -> !labels.getOrEmpty(name).equals(matcher.value());
      case REGEX -> pattern(matcher);
      case NOT_REGEX -> pattern(matcher).negate();
    };
  }

  private static Predicate<Labels> pattern(Matcher matcher) {
    LabelPattern pattern = LabelPattern.compile(matcher.value());
    return labels -> {
      byte[] value = labels.getOrEmpty(matcher.name()).getBytes(StandardCharsets.UTF_8);
      return pattern.matches(value, 0, value.length);
    };
  }

  @Override
  public boolean matches(Labels stream) {
    for (Predicate<Labels> condition : conditions) {
      if (!condition.test(stream)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void apply(LogRun run, long fromNs, Consumer<LogEntry> sink) {
    long[] times = run.timesNs();
    entry.run(run);
    for (int i = 0; i < run.size(); i++) {
      if (times[i] >= fromNs && pipeline.process(entry.entry(i))) {
        sink.accept(new LogEntry(times[i], entry.line(), EntryParts.of(entry)));
      }
    }
  }
}
