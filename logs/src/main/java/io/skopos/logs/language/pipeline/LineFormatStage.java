// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.logs.language.pipeline.template.Template;
import io.skopos.logs.language.pipeline.template.TemplateFailed;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code | line_format "{{.level}}"}: puts what a template writes in the place of the line. */
public final class LineFormatStage implements Stage {

  private final Template template;
  private final @Nullable String @Nullable [] fields;
  private final byte[][] texts;
  private byte[] out = new byte[256];

  /**
   * @throws InvalidStage when the template is malformed
   */
  public LineFormatStage(String template) {
    try {
      this.template = Template.parse("line", template);
    } catch (TemplateFailed e) {
      throw new InvalidStage("invalid line template: " + e.getMessage(), e);
    }
    List<Template.Piece> pieces = this.template.plainPieces();
    this.fields =
        pieces == null ? null : pieces.stream().map(Template.Piece::field).toArray(String[]::new);
    this.texts =
        pieces == null
            ? new byte[0][]
            : pieces.stream()
                .map(piece -> piece.text().getBytes(StandardCharsets.UTF_8))
                .toArray(byte[][]::new);
  }

  @Override
  public boolean process(EntryState state) {
    if (fields != null) {
      plain(state, fields);
      return true;
    }
    try {
      byte[] line = template.run(new StateData(state)).toString().getBytes(StandardCharsets.UTF_8);
      state.replaceLine(line, 0, line.length);
    } catch (TemplateFailed e) {
      state.setError(Errors.TEMPLATE);
      state.setErrorDetails(String.valueOf(e.getMessage()));
    }
    return true;
  }

  private void plain(EntryState state, @Nullable String[] names) {
    int size = 0;
    for (int i = 0; i < names.length; i++) {
      String name = names[i];
      if (name == null) {
        size = append(size, texts[i], 0, texts[i].length);
      } else if (name.equals(EntryState.ERROR) || name.equals(EntryState.ERROR_DETAILS)) {
        String value = state.get(name);
        byte[] bytes = (value == null ? "" : value).getBytes(StandardCharsets.UTF_8);
        size = append(size, bytes, 0, bytes.length);
      } else if (state.find(state.name(name))) {
        size = append(size, state.foundBytes, state.foundFrom, state.foundLength);
      }
    }
    state.replaceLine(out, 0, size);
  }

  private int append(int size, byte[] bytes, int from, int length) {
    if (size + length > out.length) {
      out = Arrays.copyOf(out, Math.max(size + length, out.length * 2));
    }
    System.arraycopy(bytes, from, out, size, length);
    return size + length;
  }

  @Override
  public Set<String> requiredLabels() {
    return template.fields();
  }
}
