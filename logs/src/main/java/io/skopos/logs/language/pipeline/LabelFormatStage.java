// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.template.Template;
import io.skopos.logs.language.pipeline.template.TemplateData;
import io.skopos.logs.language.pipeline.template.TemplateFailed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code | label_format a=b,c="{{.d}}"}: renames labels and makes new ones. All templates of one
 * stage see the labels as the first of them found them.
 */
public final class LabelFormatStage implements Stage {

  private record Format(String label, String source, @Nullable Template template) {}

  private final List<Format> formats = new ArrayList<>();
  private final boolean several;

  /**
   * @throws InvalidStage when a template is malformed, or a label is named twice or is an error's
   */
  public LabelFormatStage(List<LabelFormat> formats) {
    Set<String> seen = new HashSet<>();
    for (LabelFormat format : formats) {
      String label = format.label();
      if (label.equals(EntryState.ERROR)) {
        throw new InvalidStage(label + " cannot be formatted");
      }
      if (!seen.add(label)) {
        throw new InvalidStage(
            "multiple label name '" + label + "' not allowed in a single format operation");
      }
      try {
        this.formats.add(
            new Format(
                label,
                format.source(),
                format.rename() ? null : Template.parse("label", format.source())));
      } catch (TemplateFailed e) {
        throw new InvalidStage("invalid template for label '" + label + "': " + e.getMessage(), e);
      }
    }
    this.several = formats.stream().filter(format -> !format.rename()).count() > 1;
  }

  @Override
  public boolean process(EntryState state) {
    TemplateData data = null;
    for (Format format : formats) {
      LabelName target = state.name(format.label());
      if (format.template() == null) {
        rename(state, state.name(format.source()), target);
        continue;
      }
      if (data == null) {
        StateData live = new StateData(state);
        data = several ? new Frozen(live, live.all()) : live;
      }
      try {
        String value = format.template().run(data).toString();
        state.set(EntryState.Category.PARSED, target, value);
      } catch (TemplateFailed e) {
        state.setError(Errors.TEMPLATE);
        state.setErrorDetails(String.valueOf(e.getMessage()));
      }
    }
    return true;
  }

  private static void rename(EntryState state, LabelName source, LabelName target) {
    if (!state.find(source)) {
      return;
    }
    byte[] bytes = state.foundBytes;
    int from = state.foundFrom;
    int length = state.foundLength;
    EntryState.Category category = state.category(source);
    if (source != target) {
      state.set(category, target, bytes, from, length);
    }
    state.delete(source);
  }

  private record Frozen(StateData live, Map<String, String> all) implements TemplateData {

    @Override
    public @Nullable String get(String name) {
      return all.get(name);
    }

    @Override
    public String line() {
      return live.line();
    }

    @Override
    public long timeNs() {
      return live.timeNs();
    }
  }

  @Override
  public Set<String> requiredLabels() {
    Set<String> names = new LinkedHashSet<>();
    for (Format format : formats) {
      if (format.template() == null) {
        names.add(format.source());
      } else {
        names.addAll(format.template().fields());
      }
    }
    return names;
  }
}
