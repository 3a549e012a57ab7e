// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

import io.skopos.logs.language.pipeline.Extraction;
import io.skopos.logs.language.pipeline.LabelChoice;
import io.skopos.logs.language.pipeline.LineFilter.Operand;
import io.skopos.logs.language.pipeline.LineFilter.Operator;
import java.util.List;

/** What happens to an entry on its way: it is dropped, or its labels or line change. */
public sealed interface Stage {

  /**
   * {@code |= "a" or "b"}. Of several operands of an operator that drops, the parser makes a stage
   * each.
   */
  record LineFilter(Operator operator, List<Operand> operands) implements Stage {
    public LineFilter {
      operands = List.copyOf(operands);
    }
  }

  /** {@code | json}, with the fields to take out, or all of them. */
  record Json(List<Extraction> fields) implements Stage {
    public Json {
      fields = List.copyOf(fields);
    }
  }

  /** {@code | logfmt --strict --keep-empty}, with the fields to take out, or all of them. */
  record Logfmt(boolean strict, boolean keepEmpty, List<Extraction> fields) implements Stage {
    public Logfmt {
      fields = List.copyOf(fields);
    }
  }

  /** {@code | regexp "(?P<name>...)"}. */
  record Regexp(String expression) implements Stage {}

  /** {@code | pattern "<name> <_>"}. */
  record Pattern(String expression) implements Stage {}

  /** {@code | unpack}. */
  record Unpack() implements Stage {}

  /** {@code | status >= 500}. */
  record Filter(LabelFilter filter) implements Stage {}

  /** {@code | line_format "{{.a}}"}. */
  record LineFormat(String template) implements Stage {}

  /** {@code | label_format a=b,c="{{.d}}"}. */
  record LabelFormat(List<io.skopos.logs.language.pipeline.LabelFormat> formats) implements Stage {
    public LabelFormat {
      formats = List.copyOf(formats);
    }
  }

  /** {@code | decolorize}. */
  record Decolorize() implements Stage {}

  /** {@code | drop a,b="c"}. */
  record Drop(List<LabelChoice> labels) implements Stage {
    public Drop {
      labels = List.copyOf(labels);
    }
  }

  /** {@code | keep a,b="c"}. */
  record Keep(List<LabelChoice> labels) implements Stage {
    public Keep {
      labels = List.copyOf(labels);
    }
  }
}
