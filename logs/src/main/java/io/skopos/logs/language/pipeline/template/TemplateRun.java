// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import com.google.re2j.Pattern;
import io.skopos.engine.text.StringSyntax;
import io.skopos.logs.language.pipeline.template.TemplateNode.Command;
import io.skopos.logs.language.pipeline.template.TemplateNode.Operand;
import io.skopos.logs.language.pipeline.template.TemplateNode.Pipe;
import io.skopos.logs.language.pipeline.template.TemplateNode.Place;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One run of a template. */
@SuppressWarnings("ReferenceEquality") // the dot is told from other maps by what it is
final class TemplateRun {

  /** Characters a template may write, and a value may have. */
  static final int MAX_LENGTH = 1 << 20;

  private static final int MAX_STEPS = 100_000;
  private static final int MAX_DEPTH = 100;

  private enum Flow {
    ON,
    BREAK,
    CONTINUE
  }

  private static final class Variable {
    private final String name;
    private @Nullable Object value;

    private Variable(String name, @Nullable Object value) {
      this.name = name;
      this.value = value;
    }
  }

  /** The dot at the beginning: a map that is only made when it is needed whole. */
  private static final Object DATA = new Object();

  private final Template template;
  private final TemplateData data;
  private final StringBuilder out;
  private final List<Variable> variables = new ArrayList<>();
  private @Nullable Map<String, String> whole;
  private int steps;
  private int depth;

  TemplateRun(Template template, TemplateData data, StringBuilder out) {
    this.template = template;
    this.data = data;
    this.out = out;
    variables.add(new Variable("$", DATA));
  }

  void run() {
    list(template.nodes, DATA);
  }

  TemplateData data() {
    return data;
  }

  boolean isData(Object map) {
    return map == whole;
  }

  Pattern pattern(String expression) {
    return template.pattern(expression);
  }

  static void checkLength(long length) {
    if (length > MAX_LENGTH) {
      throw new TemplateFailed("a text of more than " + MAX_LENGTH + " characters");
    }
  }

  private void step() {
    if (++steps > MAX_STEPS) {
      throw new TemplateFailed(
          "template: " + template.name + ": more than " + MAX_STEPS + " steps");
    }
  }

  private Flow list(List<TemplateNode> nodes, @Nullable Object dot) {
    int scope = variables.size();
    Flow flow = Flow.ON;
    for (TemplateNode node : nodes) {
      flow = node(node, dot);
      if (flow != Flow.ON) {
        break;
      }
    }
    leave(scope);
    return flow;
  }

  private void leave(int scope) {
    while (variables.size() > scope) {
      variables.removeLast();
    }
  }

  private Flow node(TemplateNode node, @Nullable Object dot) {
    step();
    switch (node) {
      case TemplateNode.Text text -> write(text.text());
      case TemplateNode.Action action -> {
        Object value = pipe(action.pipe(), dot);
        if (action.pipe().variables().isEmpty()) {
          write(value == null ? "<no value>" : GoValues.text(value));
        }
      }
      case TemplateNode.If branch -> {
        int scope = variables.size();
        boolean holds = GoValues.isTrue(pipe(branch.pipe(), dot));
        Flow flow = list(holds ? branch.then() : branch.otherwise(), dot);
        leave(scope);
        return flow;
      }
      case TemplateNode.With branch -> {
        int scope = variables.size();
        Object value = pipe(branch.pipe(), dot);
        Flow flow =
            GoValues.isTrue(value) ? list(branch.then(), value) : list(branch.otherwise(), dot);
        leave(scope);
        return flow;
      }
      case TemplateNode.Range range -> {
        int scope = variables.size();
        Flow flow = range(range, dot);
        leave(scope);
        return flow;
      }
      case TemplateNode.Break _ -> {
        return Flow.BREAK;
      }
      case TemplateNode.Continue _ -> {
        return Flow.CONTINUE;
      }
      case TemplateNode.Call call -> call(call, dot);
    }
    return Flow.ON;
  }

  private void call(TemplateNode.Call call, @Nullable Object dot) {
    List<TemplateNode> nodes = template.defined.get(call.name());
    if (nodes == null) {
      throw new TemplateFailed(
          "template: "
              + template.name
              + ": template "
              + StringSyntax.quote(call.name())
              + " not defined");
    }
    if (++depth > MAX_DEPTH) {
      throw new TemplateFailed(
          "template: " + template.name + ": exceeded maximum template depth (" + MAX_DEPTH + ")");
    }
    Object with = call.pipe() == null ? null : pipe(call.pipe(), dot);
    List<Variable> outside = new ArrayList<>(variables);
    variables.clear();
    variables.add(new Variable("$", with));
    list(nodes, with);
    variables.clear();
    variables.addAll(outside);
    depth--;
  }

  private Flow range(TemplateNode.Range range, @Nullable Object dot) {
    Pipe pipe = range.pipe();
    Object value = commands(pipe, dot);
    switch (value) {
      case List<?> list when !list.isEmpty() -> {
        for (int i = 0; i < list.size(); i++) {
          if (turn(range, (long) i, list.get(i)) == Flow.BREAK) {
            break;
          }
        }
      }
      case Map<?, ?> map when !map.isEmpty() -> {
        for (Map.Entry<?, ?> entry : map.entrySet()) {
          if (turn(range, entry.getKey(), entry.getValue()) == Flow.BREAK) {
            break;
          }
        }
      }
      case Long count when count > 0 -> {
        for (long i = 0; i < count; i++) {
          if (turn(range, i, i) == Flow.BREAK) {
            break;
          }
        }
      }
      case null -> list(range.otherwise(), dot);
      case List<?> _, Map<?, ?> _, Long _ -> list(range.otherwise(), dot);
      default -> throw failed(pipe.place(), "range can't iterate over " + GoValues.text(value));
    }
    return Flow.ON;
  }

  private Flow turn(TemplateNode.Range range, @Nullable Object key, @Nullable Object value) {
    step();
    int scope = variables.size();
    List<String> names = range.pipe().variables();
    if (names.size() == 1) {
      bind(range.pipe(), names.get(0), value);
    } else if (names.size() == 2) {
      bind(range.pipe(), names.get(0), key);
      bind(range.pipe(), names.get(1), value);
    }
    Flow flow = list(range.body(), value);
    leave(scope);
    return flow;
  }

  private void bind(Pipe pipe, String name, @Nullable Object value) {
    if (pipe.assigns()) {
      variable(name).value = value;
    } else {
      variables.add(new Variable(name, value));
    }
  }

  private Variable variable(String name) {
    for (int i = variables.size() - 1; i >= 0; i--) {
      if (variables.get(i).name.equals(name)) {
        return variables.get(i);
      }
    }
    throw new TemplateFailed("template: " + template.name + ": undefined variable: " + name);
  }

  private void write(String text) {
    checkLength((long) out.length() + text.length());
    out.append(text);
  }

  // ---- pipelines

  private @Nullable Object pipe(Pipe pipe, @Nullable Object dot) {
    Object value = commands(pipe, dot);
    for (String name : pipe.variables()) {
      bind(pipe, name, value);
    }
    return value;
  }

  private @Nullable Object commands(Pipe pipe, @Nullable Object dot) {
    Object value = null;
    boolean first = true;
    for (Command command : pipe.commands()) {
      step();
      value = command(command, dot, value, first);
      if (value instanceof String text) {
        checkLength(text.length());
      }
      first = false;
    }
    return value == DATA ? whole() : value;
  }

  private Map<String, String> whole() {
    Map<String, String> map = whole;
    if (map == null) {
      map = data.all();
      whole = map;
    }
    return map;
  }

  private @Nullable Object command(
      Command command, @Nullable Object dot, @Nullable Object piped, boolean first) {
    List<Operand> operands = command.operands();
    Operand head = operands.getFirst();
    if (head instanceof Operand.Function function) {
      if (function.name().equals("and") || function.name().equals("or")) {
        return shortCircuit(function, command, dot, piped, first);
      }
      List<@Nullable Object> arguments = arguments(command, dot, piped, first);
      // With a method behind it the arguments are the method's.
      return function.names().isEmpty()
          ? call(function.name(), arguments, command.place())
          : fields(
              call(function.name(), List.of(), command.place()),
              function.names(),
              command.place(),
              arguments);
    }
    if (operands.size() > 1 || !first) {
      List<@Nullable Object> arguments = arguments(command, dot, piped, first);
      List<String> names =
          switch (head) {
            case Operand.Field field -> field.names();
            case Operand.Variable variable -> variable.names();
            case Operand.Nested nested -> nested.names();
            case Operand.Constant _, Operand.Function _ -> List.<String>of();
          };
      if (names.isEmpty()) {
        throw failed(
            command.place(), "can't give argument to non-function " + command.place().source());
      }
      return fields(base(head, dot), names, command.place(), arguments);
    }
    return operand(head, dot, command.place());
  }

  private List<@Nullable Object> arguments(
      Command command, @Nullable Object dot, @Nullable Object piped, boolean first) {
    List<@Nullable Object> arguments = new ArrayList<>();
    List<Operand> operands = command.operands();
    for (int i = 1; i < operands.size(); i++) {
      Object value = operand(operands.get(i), dot, command.place());
      arguments.add(value == DATA ? whole() : value);
    }
    if (!first) {
      arguments.add(piped == DATA ? whole() : piped);
    }
    return arguments;
  }

  private @Nullable Object shortCircuit(
      Operand.Function function,
      Command command,
      @Nullable Object dot,
      @Nullable Object piped,
      boolean first) {
    boolean stopsAt = function.name().equals("or");
    Object value = null;
    int count = command.operands().size() - 1 + (first ? 0 : 1);
    if (count == 0) {
      throw failed(
          command.place(),
          "wrong number of args for " + function.name() + ": want at least 1 got 0");
    }
    for (int i = 1; i <= count; i++) {
      value =
          i < command.operands().size()
              ? operand(command.operands().get(i), dot, command.place())
              : piped;
      if (GoValues.isTrue(value) == stopsAt) {
        break;
      }
    }
    return fields(value, function.names(), command.place(), List.of());
  }

  private @Nullable Object call(String name, List<@Nullable Object> arguments, Place place) {
    TemplateFunction function = Template.FUNCTIONS.get(name);
    if (function == null) {
      throw failed(place, StringSyntax.quote(name) + " is not a defined function");
    }
    int count = arguments.size();
    if (count < function.least() || (function.most() >= 0 && count > function.most())) {
      boolean exact = function.least() == function.most();
      throw failed(
          place,
          "wrong number of args for "
              + name
              + ": want "
              + (exact ? "" : "at least ")
              + function.least()
              + " got "
              + count);
    }
    try {
      return function.body().call(new TemplateFunction.Arguments(arguments, this));
    } catch (TemplateFailed e) {
      String message = String.valueOf(e.getMessage());
      throw failed(
          place,
          message.startsWith("wrong type") ? message : "error calling " + name + ": " + message);
    } catch (IllegalArgumentException e) {
      throw failed(place, "error calling " + name + ": " + e.getMessage());
    }
  }

  private @Nullable Object base(Operand operand, @Nullable Object dot) {
    return switch (operand) {
      case Operand.Constant constant -> constant.value();
      case Operand.Field _ -> dot;
      case Operand.Variable variable -> variable(variable.name()).value;
      case Operand.Nested nested -> pipe(nested.pipe(), dot);
      case Operand.Function function ->
          call(function.name(), List.of(), new Place(1, 0, function.name()));
    };
  }

  private @Nullable Object operand(Operand operand, @Nullable Object dot, Place place) {
    step();
    return switch (operand) {
      case Operand.Constant constant -> constant.value();
      case Operand.Field field -> fields(dot, field.names(), place, List.of());
      case Operand.Variable variable ->
          fields(variable(variable.name()).value, variable.names(), place, List.of());
      case Operand.Nested nested ->
          fields(pipe(nested.pipe(), dot), nested.names(), place, List.of());
      case Operand.Function function ->
          fields(call(function.name(), List.of(), place), function.names(), place, List.of());
    };
  }

  private @Nullable Object fields(
      @Nullable Object start, List<String> names, Place place, List<@Nullable Object> arguments) {
    Object value = start;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      boolean last = i == names.size() - 1;
      if (value == DATA || (value instanceof Map && isData(value))) {
        String text = data.get(name);
        value = text == null ? "" : text;
      } else if (value instanceof Map<?, ?> map) {
        value = map.get(name);
      } else if (value instanceof GoTime time) {
        try {
          value =
              TimeFunctions.method(
                  time, name, new TemplateFunction.Arguments(last ? arguments : List.of(), this));
          if (last) {
            return value;
          }
        } catch (IndexOutOfBoundsException e) {
          throw failed(place, "wrong number of args for " + name + ": want 1 got 0");
        } catch (TemplateFailed e) {
          throw failed(place, String.valueOf(e.getMessage()));
        }
      } else if (value == null) {
        throw failed(place, "nil data; no entry for key " + StringSyntax.quote(name));
      } else {
        throw failed(place, "can't evaluate field " + name + " in type " + GoValues.type(value));
      }
      if (last && !arguments.isEmpty()) {
        throw failed(place, name + " is not a method but has arguments");
      }
    }
    return value;
  }

  private TemplateFailed failed(Place place, String what) {
    return new TemplateFailed(
        "template: "
            + template.name
            + ":"
            + place.line()
            + ":"
            + place.column()
            + ": executing "
            + StringSyntax.quote(template.name)
            + " at <"
            + place.source()
            + ">: "
            + what);
  }
}
