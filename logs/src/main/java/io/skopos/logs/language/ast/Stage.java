// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

import io.skopos.model.Matcher;
import java.util.List;

/** What happens to an entry on its way: it is dropped, or its labels or line change. */
public sealed interface Stage {

  /**
   * {@code |= "a" or "b"}: with a match that keeps, any of the operands is enough; of those that
   * drop, the parser makes a stage each.
   */
  record LineFilter(LineMatch match, List<Operand> anyOf) implements Stage {
    public LineFilter {
      anyOf = List.copyOf(anyOf);
    }

    /**
     * @param ip whether the text is a range of addresses: {@code ip("10.0.0.0/8")}
     */
    public record Operand(boolean ip, String text) {}
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
  record LabelFormat(List<Format> formats) implements Stage {
    public LabelFormat {
      formats = List.copyOf(formats);
    }

    /**
     * @param rename whether the value is the name of the label that is renamed, or a template
     */
    public record Format(String name, boolean rename, String value) {}
  }

  /** {@code | decolorize}. */
  record Decolorize() implements Stage {}

  /** {@code | drop a,b="c"}. */
  record Drop(List<Named> labels) implements Stage {
    public Drop {
      labels = List.copyOf(labels);
    }
  }

  /** {@code | keep a,b="c"}. */
  record Keep(List<Named> labels) implements Stage {
    public Keep {
      labels = List.copyOf(labels);
    }
  }

  /** A field to take out of the line, and the label it becomes. */
  record Extraction(String label, String expression) {}

  /** Labels to drop or to keep. */
  sealed interface Named {

    /** By name, whatever the value. */
    record Label(String name) implements Named {}

    /** Where the value fits. */
    record Matching(Matcher matcher) implements Named {}
  }
}
