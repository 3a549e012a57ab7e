// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline.template;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a template is run with. */
public interface TemplateData {

  /** Of the dot: a value by name; null when there is none. */
  @Nullable String get(String name);

  /** Of the dot: all names, ascending. */
  Map<String, String> all();

  /** What {@code __line__} gives. */
  String line();

  /** What {@code __timestamp__} gives, in Unix nanoseconds. */
  long timeNs();
}
