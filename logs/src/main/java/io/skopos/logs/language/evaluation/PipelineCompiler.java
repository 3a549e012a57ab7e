// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.logs.language.ast.Expr;
import io.skopos.logs.language.ast.LabelFilter;
import io.skopos.logs.language.ast.RangeAggregation;
import io.skopos.logs.language.ast.Selectors;
import io.skopos.logs.language.ast.Stage;
import io.skopos.logs.language.parse.ParseFailed;
import io.skopos.logs.language.pipeline.BothFilter;
import io.skopos.logs.language.pipeline.BytesFilter;
import io.skopos.logs.language.pipeline.DecolorizeStage;
import io.skopos.logs.language.pipeline.DropStage;
import io.skopos.logs.language.pipeline.DurationFilter;
import io.skopos.logs.language.pipeline.EitherFilter;
import io.skopos.logs.language.pipeline.InvalidStage;
import io.skopos.logs.language.pipeline.IpLabelFilter;
import io.skopos.logs.language.pipeline.JsonExpressionStage;
import io.skopos.logs.language.pipeline.JsonStage;
import io.skopos.logs.language.pipeline.KeepStage;
import io.skopos.logs.language.pipeline.LabelFormatStage;
import io.skopos.logs.language.pipeline.LineFilter;
import io.skopos.logs.language.pipeline.LineFormatStage;
import io.skopos.logs.language.pipeline.LogfmtExpressionStage;
import io.skopos.logs.language.pipeline.LogfmtStage;
import io.skopos.logs.language.pipeline.NumberFilter;
import io.skopos.logs.language.pipeline.PatternStage;
import io.skopos.logs.language.pipeline.Pipeline;
import io.skopos.logs.language.pipeline.RegexpStage;
import io.skopos.logs.language.pipeline.TextFilter;
import io.skopos.logs.language.pipeline.UnpackStage;
import io.skopos.logs.language.pipeline.Unwrap;
import io.skopos.logs.language.print.Printer;
import java.util.ArrayList;
import java.util.List;

/** Makes pipelines that run of stages that were written. */
public final class PipelineCompiler {

  private PipelineCompiler() {}

  /**
   * Compiles everything in a query, to find what is wrong with it before anything is read.
   *
   * @throws ParseFailed with the stage that cannot be made
   */
  public static void check(Expr expr) throws ParseFailed {
    List<Stage> stages = new ArrayList<>();
    Selectors.visit(expr, log -> stages.addAll(log.stages()));
    for (Stage stage : stages) {
      try {
        stage(stage);
      } catch (InvalidStage e) {
        throw new ParseFailed("stage '" + Printer.print(stage) + "' : " + e.getMessage());
      }
    }
    checkUnwraps(expr);
  }

  private static void checkUnwraps(Expr expr) throws ParseFailed {
    List<RangeAggregation> ranges = new ArrayList<>();
    Selectors.visitRanges(expr, ranges::add);
    for (RangeAggregation aggregation : ranges) {
      io.skopos.logs.language.ast.Unwrap unwrap = aggregation.range().unwrap();
      try {
        if (unwrap != null) {
          unwrap(unwrap);
        }
      } catch (InvalidStage e) {
        throw new ParseFailed(String.valueOf(e.getMessage()));
      }
    }
  }

  /**
   * Line filters come as early as they can: as no other stage is needed for the lines that they
   * drop.
   *
   * @throws InvalidStage when a stage cannot be made
   */
  static Pipeline compile(List<Stage> stages) {
    List<Stage> early = new ArrayList<>();
    List<Stage> late = new ArrayList<>();
    List<Stage> ordered = new ArrayList<>();
    for (Stage stage : stages) {
      if (stage instanceof Stage.LineFilter) {
        early.add(stage);
        continue;
      }
      late.add(stage);
      if (changesLine(stage)) {
        ordered.addAll(early);
        ordered.addAll(late);
        early.clear();
        late.clear();
      }
    }
    ordered.addAll(early);
    ordered.addAll(late);
    return new Pipeline(ordered.stream().map(PipelineCompiler::stage).toList());
  }

  /** Whether what comes after it may see another line. */
  static boolean changesLine(Stage stage) {
    return stage instanceof Stage.LineFormat
        || stage instanceof Stage.Unpack
        || stage instanceof Stage.Decolorize;
  }

  private static io.skopos.logs.language.pipeline.Stage stage(Stage stage) {
    return switch (stage) {
      case Stage.LineFilter filter -> new LineFilter(filter.operator(), filter.operands());
      case Stage.Json json ->
          json.fields().isEmpty() ? new JsonStage() : new JsonExpressionStage(json.fields());
      case Stage.Logfmt logfmt ->
          logfmt.fields().isEmpty()
              ? new LogfmtStage(logfmt.strict(), logfmt.keepEmpty())
              : new LogfmtExpressionStage(logfmt.strict(), logfmt.keepEmpty(), logfmt.fields());
      case Stage.Regexp regexp -> new RegexpStage(regexp.expression());
      case Stage.Pattern pattern -> new PatternStage(pattern.expression());
      case Stage.Unpack _ -> new UnpackStage();
      case Stage.Filter filter -> filter(filter.filter());
      case Stage.LineFormat format -> new LineFormatStage(format.template());
      case Stage.LabelFormat format -> new LabelFormatStage(format.formats());
      case Stage.Decolorize _ -> new DecolorizeStage();
      case Stage.Drop drop -> new DropStage(drop.labels());
      case Stage.Keep keep -> new KeepStage(keep.labels());
    };
  }

  private static io.skopos.logs.language.pipeline.LabelFilter filter(LabelFilter filter) {
    return switch (filter) {
      case LabelFilter.And and -> new BothFilter(filter(and.left()), filter(and.right()));
      case LabelFilter.Or or -> new EitherFilter(filter(or.left()), filter(or.right()));
      case LabelFilter.Text text -> new TextFilter(text.matcher());
      case LabelFilter.Number number ->
          new NumberFilter(number.name(), number.comparison(), number.value());
      case LabelFilter.Duration duration ->
          new DurationFilter(duration.name(), duration.comparison(), duration.nanos());
      case LabelFilter.Bytes bytes ->
          new BytesFilter(bytes.name(), bytes.comparison(), bytes.bytes());
      case LabelFilter.Ip ip -> new IpLabelFilter(ip.name(), ip.negative(), ip.range());
    };
  }

  static Unwrap unwrap(io.skopos.logs.language.ast.Unwrap unwrap) {
    Unwrap.Conversion conversion =
        switch (unwrap.conversion()) {
          case NUMBER -> Unwrap.Conversion.NUMBER;
          case BYTES -> Unwrap.Conversion.BYTES;
          case DURATION, DURATION_SECONDS -> Unwrap.Conversion.DURATION;
        };
    List<io.skopos.logs.language.pipeline.LabelFilter> filters = new ArrayList<>();
    unwrap.filters().forEach(filter -> filters.add(filter(filter)));
    return new Unwrap(unwrap.label(), conversion, filters);
  }
}
