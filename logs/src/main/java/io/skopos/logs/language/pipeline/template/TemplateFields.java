// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import io.skopos.logs.language.pipeline.template.TemplateNode.Operand;
import io.skopos.logs.language.pipeline.template.TemplateNode.Pipe;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Which fields a template's nodes read. */
final class TemplateFields {

  private TemplateFields() {}

  static void collect(List<TemplateNode> nodes, Set<String> into) {
    for (TemplateNode node : nodes) {
      switch (node) {
        case TemplateNode.Text _, TemplateNode.Break _, TemplateNode.Continue _ -> {}
        case TemplateNode.Action action -> collect(action.pipe(), into);
        case TemplateNode.If branch -> {
          collect(branch.pipe(), into);
          collect(branch.then(), into);
          collect(branch.otherwise(), into);
        }
        case TemplateNode.With branch -> {
          collect(branch.pipe(), into);
          collect(branch.then(), into);
          collect(branch.otherwise(), into);
        }
        case TemplateNode.Range range -> {
          collect(range.pipe(), into);
          collect(range.body(), into);
          collect(range.otherwise(), into);
        }
        case TemplateNode.Call call -> collect(call.pipe(), into);
      }
    }
  }

  private static void collect(@Nullable Pipe pipe, Set<String> into) {
    if (pipe == null) {
      return;
    }
    for (TemplateNode.Command command : pipe.commands()) {
      for (Operand operand : command.operands()) {
        switch (operand) {
          case Operand.Field field -> into.addAll(field.names());
          case Operand.Variable variable -> into.addAll(variable.names());
          case Operand.Function _, Operand.Constant _ -> {}
          case Operand.Nested nested -> collect(nested.pipe(), into);
        }
      }
      // A name may also be given as a text: index . "name".
      if (command.operands().getFirst() instanceof Operand.Function function
          && function.name().equals("index")) {
        for (Operand operand : command.operands()) {
          if (operand instanceof Operand.Constant constant
              && constant.value() instanceof String name) {
            into.add(name);
          }
        }
      }
    }
  }
}
