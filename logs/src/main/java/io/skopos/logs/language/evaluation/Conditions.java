// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.evaluation;

import io.skopos.logs.language.ast.LabelFilter;
import io.skopos.logs.language.ast.Stage;
import io.skopos.logs.language.pipeline.LineFilter.Operand;
import io.skopos.logs.language.pipeline.LineFilter.Operator;
import io.skopos.logs.store.EntryCondition;
import io.skopos.model.Matcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What entries that come out of a pipeline are sure to be like. Only what is certain is said: a
 * filter on a label tells of a field only while exactly one parser could have made the label, and
 * of metadata only before any.
 */
final class Conditions {

  private static final String EXTRACTED = "_extracted";

  private final List<EntryCondition> found = new ArrayList<>();

  private boolean lineIsStored = true;
  private boolean labelsAreStored = true;
  private EntryCondition.@Nullable Syntax parsedAs;

  /** Whether there are labels of fields without a value, which are no fields to the store. */
  private boolean keepsEmpty;

  private Conditions() {}

  static List<EntryCondition> of(List<Stage> stages) {
    Conditions conditions = new Conditions();
    stages.forEach(conditions::add);
    return conditions.found;
  }

  private void add(Stage stage) {
    switch (stage) {
      case Stage.LineFilter filter -> addLine(filter);
      case Stage.Json json -> parsed(json.fields().isEmpty() ? EntryCondition.Syntax.JSON : null);
      case Stage.Logfmt logfmt -> {
        parsed(logfmt.fields().isEmpty() ? EntryCondition.Syntax.LOGFMT : null);
        keepsEmpty = logfmt.keepEmpty();
      }
      case Stage.Regexp _, Stage.Pattern _ -> parsed(null);
      case Stage.Unpack _ -> {
        parsed(null);
        lineIsStored = false;
      }
      case Stage.LineFormat _, Stage.Decolorize _ -> lineIsStored = false;
      case Stage.LabelFormat _ -> {
        labelsAreStored = false;
        parsedAs = null;
      }
      case Stage.Filter filter -> addLabel(filter.filter());
      // What is left after them is what it was, or gone, which no condition here asks for.
      case Stage.Drop _, Stage.Keep _ -> {}
    }
  }

  private void parsed(EntryCondition.@Nullable Syntax syntax) {
    parsedAs = labelsAreStored && lineIsStored ? syntax : null;
    labelsAreStored = false;
  }

  private void addLine(Stage.LineFilter filter) {
    if (filter.operator() != Operator.CONTAINS || !lineIsStored) {
      return;
    }
    List<byte[]> anyOf = new ArrayList<>();
    for (Operand operand : filter.operands()) {
      if (operand.ip() || operand.text().isEmpty()) {
        return;
      }
      anyOf.add(operand.text().getBytes(StandardCharsets.UTF_8));
    }
    found.add(new EntryCondition.LineContains(anyOf));
  }

  private void addLabel(LabelFilter filter) {
    switch (filter) {
      case LabelFilter.And and -> {
        addLabel(and.left());
        addLabel(and.right());
      }
      case LabelFilter.Text text -> add(text.matcher().name(), value(text.matcher()));
      case LabelFilter.Number number -> add(number.name(), value(number));
      case LabelFilter.Or or -> {
        List<String> texts = new ArrayList<>();
        String name = alternatives(or, texts, null);
        if (name != null) {
          add(name, new EntryCondition.Value.OneOf(texts));
        }
      }
      // Their units are the language's.
      case LabelFilter.Duration _, LabelFilter.Bytes _, LabelFilter.Ip _ -> {}
    }
  }

  /** The one name that all alternatives equate with some text; null when there is none. */
  private static @Nullable String alternatives(
      LabelFilter filter, List<String> texts, @Nullable String name) {
    return switch (filter) {
      case LabelFilter.Or or -> {
        String left = alternatives(or.left(), texts, name);
        yield left == null ? null : alternatives(or.right(), texts, left);
      }
      case LabelFilter.Text(Matcher matcher) -> {
        boolean fits =
            matcher.type() == Matcher.Type.EQUAL
                && !matcher.value().isEmpty()
                && (name == null || name.equals(matcher.name()));
        texts.add(matcher.value());
        yield fits ? matcher.name() : null;
      }
      case LabelFilter.And _,
          LabelFilter.Number _,
          LabelFilter.Duration _,
          LabelFilter.Bytes _,
          LabelFilter.Ip _ ->
          null;
    };
  }

  private void add(String name, EntryCondition.@Nullable Value value) {
    if (value == null || name.endsWith(EXTRACTED) || name.startsWith("__")) {
      return;
    }
    if (labelsAreStored) {
      found.add(new EntryCondition.Metadata(name, value));
    } else if (parsedAs != null && !(keepsEmpty && value instanceof EntryCondition.Value.Between)) {
      found.add(new EntryCondition.Field(parsedAs, name, value));
    }
  }

  private static EntryCondition.@Nullable Value value(Matcher matcher) {
    String text = matcher.value();
    return switch (matcher.type()) {
      case EQUAL -> text.isEmpty() ? null : new EntryCondition.Value.OneOf(List.of(text));
      case NOT_EQUAL -> text.isEmpty() ? new EntryCondition.Value.Present() : null;
      case REGEX -> oneOf(text);
      case NOT_REGEX -> null;
    };
  }

  /** Of an expression that is some texts and nothing more. */
  private static EntryCondition.@Nullable Value oneOf(String regex) {
    List<String> texts = new ArrayList<>();
    int start = 0;
    for (int i = 0; i <= regex.length(); i++) {
      if (i == regex.length() || regex.charAt(i) == '|') {
        if (i == start) {
          return null;
        }
        texts.add(regex.substring(start, i));
        start = i + 1;
      } else if ("\\.+*?()[]{}^$".indexOf(regex.charAt(i)) >= 0) {
        return null;
      }
    }
    return new EntryCondition.Value.OneOf(texts);
  }

  private static EntryCondition.@Nullable Value value(LabelFilter.Number number) {
    double bound = number.value();
    double none = Double.NEGATIVE_INFINITY;
    double most = Double.POSITIVE_INFINITY;
    return switch (number.comparison()) {
      case EQUAL -> new EntryCondition.Value.Between(bound, bound);
      case NOT_EQUAL -> null;
      case GREATER -> new EntryCondition.Value.Between(Math.nextUp(bound), most);
      case GREATER_OR_EQUAL -> new EntryCondition.Value.Between(bound, most);
      case LESS -> new EntryCondition.Value.Between(none, Math.nextDown(bound));
      case LESS_OR_EQUAL -> new EntryCondition.Value.Between(none, bound);
    };
  }
}
