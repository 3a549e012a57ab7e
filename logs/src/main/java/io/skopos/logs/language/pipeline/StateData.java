// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.template.TemplateData;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An entry as templates see it. */
record StateData(EntryState state) implements TemplateData {

  @Override
  public @Nullable String get(String name) {
    return state.get(name);
  }

  @Override
  public Map<String, String> all() {
    return state.toMap();
  }

  @Override
  public String line() {
    return state.line();
  }

  @Override
  public long timeNs() {
    return state.timeNs();
  }
}
