// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Labels;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** What single stages do to single entries, from the conformance folder when it is given. */
class StageConformanceTest {

  @Test
  void everyCase() throws Exception {
    String folder = System.getProperty("skopos.conformance", "");
    if (folder.isEmpty()) {
      String reason = "skipped: -Dskopos.conformance is not given";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    String text = Files.readString(Path.of(folder, "logql", "stages.yaml"));
    Map<?, ?> file =
        (Map<?, ?>)
            Objects.requireNonNull(new Load(LoadSettings.builder().build()).loadFromString(text));
    List<?> cases = (List<?>) Objects.requireNonNull(file.get("cases"));
    List<String> faults = new ArrayList<>();
    for (Object one : cases) {
      Map<?, ?> of = (Map<?, ?>) one;
      String fault = fault(of);
      if (!fault.isEmpty()) {
        faults.add(of.get("stage") + " on " + of.get("line") + ": " + fault);
      }
    }
    assertThat(faults).isEmpty();
    assertThat(cases).hasSizeGreaterThanOrEqualTo(52);
  }

  private static String fault(Map<?, ?> of) {
    String stage = String.valueOf(of.get("stage"));
    byte[] line = String.valueOf(of.get("line")).getBytes(StandardCharsets.UTF_8);
    Map<String, String> wanted = map(of.get("want_labels"));
    boolean keep = !Boolean.FALSE.equals(of.get("keep"));
    String wantedLine = String.valueOf(of.get(of.get("want_line") == null ? "line" : "want_line"));
    EntryState state = new EntryState();
    state.stream(Labels.of(map(of.get("labels"))));
    state.reset(0, line, 0, line.length, Labels.of(map(of.get("metadata"))));
    boolean kept = new Pipeline(StageReader.read(stage)).process(state);
    if (kept != keep) {
      return "kept " + kept;
    }
    if (!keep) {
      return "";
    }
    Map<String, String> got = state.labels().toMap();
    if (wanted.containsKey(EntryState.ERROR) && !wanted.containsKey(EntryState.ERROR_DETAILS)) {
      if (!got.containsKey(EntryState.ERROR_DETAILS)) {
        return "no details of the error";
      }
      got.remove(EntryState.ERROR_DETAILS);
    }
    if (!got.equals(wanted)) {
      return "labels " + got;
    }
    return state.line().equals(wantedLine) ? "" : "line " + state.line();
  }

  private static Map<String, String> map(@Nullable Object map) {
    Map<String, String> out = new java.util.TreeMap<>();
    if (map instanceof Map<?, ?> of) {
      of.forEach((name, value) -> out.put(String.valueOf(name), String.valueOf(value)));
    }
    return out;
  }
}
