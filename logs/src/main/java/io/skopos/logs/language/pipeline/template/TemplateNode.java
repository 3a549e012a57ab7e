// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** Pieces of a parsed template. */
sealed interface TemplateNode {

  record Text(String text) implements TemplateNode {}

  record Action(Pipe pipe) implements TemplateNode {}

  record If(Pipe pipe, List<TemplateNode> then, List<TemplateNode> otherwise)
      implements TemplateNode {}

  record With(Pipe pipe, List<TemplateNode> then, List<TemplateNode> otherwise)
      implements TemplateNode {}

  record Range(Pipe pipe, List<TemplateNode> body, List<TemplateNode> otherwise)
      implements TemplateNode {}

  record Break() implements TemplateNode {}

  record Continue() implements TemplateNode {}

  record Call(String name, @Nullable Pipe pipe) implements TemplateNode {}

  /**
   * {@code $a, $b := command | command}.
   *
   * @param assigns whether the variables are there already
   */
  record Pipe(List<String> variables, boolean assigns, List<Command> commands, Place place) {}

  record Command(List<Operand> operands, Place place) {}

  /** Where in the template something stands. */
  record Place(int line, int column, String source) {}

  /** What a command is made of. */
  sealed interface Operand {
    record Constant(@Nullable Object value) implements Operand {}

    /** {@code .a.b}; the dot itself has no names. */
    record Field(List<String> names) implements Operand {}

    record Variable(String name, List<String> names) implements Operand {}

    record Function(String name, List<String> names) implements Operand {}

    record Nested(Pipe pipe, List<String> names) implements Operand {}
  }
}
