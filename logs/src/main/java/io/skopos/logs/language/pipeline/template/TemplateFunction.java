// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A function of templates.
 *
 * @param most arguments; negative for any number
 */
record TemplateFunction(int least, int most, Body body) {

  /** What it does. */
  @FunctionalInterface
  interface Body {
    @Nullable Object call(Arguments arguments);
  }

  static final int ANY = -1;

  static void add(Map<String, TemplateFunction> to, String name, int count, Body body) {
    to.put(name, new TemplateFunction(count, count, body));
  }

  static void add(Map<String, TemplateFunction> to, String name, int least, int most, Body body) {
    to.put(name, new TemplateFunction(least, most, body));
  }

  /** What it is called with. */
  static final class Arguments {

    private final List<@Nullable Object> values;
    private final TemplateRun run;

    Arguments(List<@Nullable Object> values, TemplateRun run) {
      this.values = values;
      this.run = run;
    }

    TemplateRun run() {
      return run;
    }

    int size() {
      return values.size();
    }

    List<@Nullable Object> all() {
      return values;
    }

    @Nullable Object get(int i) {
      return values.get(i);
    }

    String text(int i) {
      if (values.get(i) instanceof String text) {
        return text;
      }
      throw wrongType("string", i);
    }

    int whole(int i) {
      if (values.get(i) instanceof Long number) {
        return Math.clamp(number, Integer.MIN_VALUE, Integer.MAX_VALUE);
      }
      throw wrongType("int", i);
    }

    GoTime time(int i) {
      if (values.get(i) instanceof GoTime time) {
        return time;
      }
      throw wrongType("time.Time", i);
    }

    private TemplateFailed wrongType(String expected, int i) {
      return new TemplateFailed(
          "wrong type for value; expected " + expected + "; got " + GoValues.type(values.get(i)));
    }
  }
}
