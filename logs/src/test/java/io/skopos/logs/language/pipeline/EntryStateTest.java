// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.engine.aggregation.Grouping;
import io.skopos.logs.store.EntryCondition;
import io.skopos.logs.store.LogRun;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class EntryStateTest {

  private static final byte[] NO_LINE = new byte[0];

  private final EntryState state = new EntryState();

  @Test
  void keepsCategoriesApart() {
    state.stream(Labels.of("app", "a", "sl", "s", "sm", "s", "tri", "s"));
    run("sl=p md=p tri=p", Labels.of("md", "m", "sm", "m", "tri", "m"), "| logfmt");
    assertThat(state.labels().toMap())
        .containsOnly(
            java.util.Map.entry("app", "a"),
            java.util.Map.entry("sl", "s"),
            java.util.Map.entry("sl_extracted", "p"),
            java.util.Map.entry("md", "m"),
            java.util.Map.entry("md_extracted", "p"),
            java.util.Map.entry("sm", "s"),
            java.util.Map.entry("sm_extracted", "m"),
            java.util.Map.entry("tri", "s"),
            java.util.Map.entry("tri_extracted", "p"));
    assertThat((Object) state.streamLabels())
        .isEqualTo(Labels.of("app", "a", "sl", "s", "sm", "s", "tri", "s"));
    assertThat((Object) state.metadataLabels())
        .isEqualTo(Labels.of("md", "m", "sm_extracted", "m"));
    assertThat((Object) state.parsedLabels())
        .isEqualTo(Labels.of("sl_extracted", "p", "md_extracted", "p", "tri_extracted", "p"));
  }

  @Test
  void givesTheSameObjectForEqualLabels() {
    Labels stream = Labels.of("app", "a");
    state.stream(stream);
    run("x", Labels.EMPTY, "|= \"x\"");
    assertThat((Object) state.labels()).isSameAs(stream);
    run("b=1 a=2", Labels.EMPTY, "| logfmt");
    Labels first = state.labels();
    assertThat(first.toString()).isEqualTo("{a=\"2\", app=\"a\", b=\"1\"}");
    run("a=2 b=1", Labels.EMPTY, "| logfmt");
    assertThat((Object) state.labels()).isSameAs(first);
    run("a=3 b=1", Labels.EMPTY, "| logfmt");
    assertThat((Object) state.labels()).isNotEqualTo(first);
  }

  @Test
  void tellsEmptyFromMissing() {
    state.stream(Labels.EMPTY);
    run("{\"a\":1}", Labels.EMPTY, "| json x=\"no.such\"");
    assertThat(state.labels().toMap()).containsEntry("x", "");
    assertThat((Object) state.labels()).isNotEqualTo(Labels.EMPTY);
  }

  @Test
  void groups() {
    Grouping by = new Grouping(false, List.of("level", "app", "none"));
    EntryState grouped = new EntryState(ParserHints.of(List.of(), by), by);
    grouped.stream(Labels.of("app", "a", "pod", "p"));
    process(grouped, "level=warn x=1", Labels.EMPTY, "| logfmt");
    assertThat((Object) grouped.grouped()).isEqualTo(Labels.of("app", "a", "level", "warn"));

    EntryState without = new EntryState(ParserHints.ALL, new Grouping(true, List.of("pod", "x")));
    without.stream(Labels.of("app", "a", "pod", "p"));
    process(without, "level=warn x=1", Labels.EMPTY, "| logfmt");
    assertThat((Object) without.grouped()).isEqualTo(Labels.of("app", "a", "level", "warn"));
    process(without, "", Labels.EMPTY, "");
    Labels base = without.grouped();
    assertThat((Object) base).isEqualTo(Labels.of("app", "a"));
    process(without, "", Labels.EMPTY, "");
    assertThat((Object) without.grouped()).isSameAs(base);
    process(without, "oops", Labels.EMPTY, "| json");
    assertThat(without.grouped().toMap()).containsKey("__error__").containsKey("pod");
  }

  @Test
  void renamesDropsAndKeeps() {
    state.stream(Labels.of("a", "1", "b", "2"));
    run("c=3", Labels.EMPTY, "| logfmt | label_format d=a,e=\"{{.b}}-{{.c}}\"");
    assertThat((Object) state.labels())
        .isEqualTo(Labels.of("b", "2", "c", "3", "d", "1", "e", "2-3"));
    assertThat((Object) state.streamLabels()).isEqualTo(Labels.of("b", "2", "d", "1"));
    assertThat((Object) state.parsedLabels()).isEqualTo(Labels.of("c", "3", "e", "2-3"));
    run("c=3", Labels.EMPTY, "| logfmt | drop a,c=~\"x.*\"");
    assertThat((Object) state.labels()).isEqualTo(Labels.of("b", "2", "c", "3"));
    run("c=3 d=4", Labels.EMPTY, "| logfmt | keep a, c=\"4\", d");
    assertThat((Object) state.labels()).isEqualTo(Labels.of("a", "1", "d", "4"));
    run("oops", Labels.EMPTY, "| json | keep a");
    assertThat(state.labels().toMap()).containsKeys("__error__", "a").doesNotContainKey("b");
    run("oops", Labels.EMPTY, "| json | drop __error__, __error_details__");
    assertThat((Object) state.labels()).isEqualTo(Labels.of("a", "1", "b", "2"));
  }

  @Test
  void parsesNothingTwice() {
    state.stream(Labels.EMPTY);
    run("{\"a\":\"json\",\"line\":\"x\"}", Labels.EMPTY, "| json | regexp \"(?P<a>json)\"");
    assertThat(state.get("a")).isEqualTo("json");
    run("{\"a\":\"json\"}", Labels.EMPTY, "| json | line_format \"a=logfmt b=2\" | logfmt");
    assertThat((Object) state.labels()).isEqualTo(Labels.of("a", "json", "b", "2"));
  }

  @Test
  void unwraps() {
    state.stream(Labels.of("took", "1h30m", "size", "2KiB", "n", "-5.5", "bad", "x", "e", ""));
    assertThat(unwrapped("took", Unwrap.Conversion.DURATION)).isEqualTo(5400);
    assertThat(unwrapped("size", Unwrap.Conversion.BYTES)).isEqualTo(2048);
    assertThat(unwrapped("n", Unwrap.Conversion.NUMBER)).isEqualTo(-5.5);
    assertThat(unwrapped("none", Unwrap.Conversion.NUMBER)).isNull();
    assertThat(unwrapped("bad", Unwrap.Conversion.NUMBER)).isEqualTo(0);
    assertThat(state.error()).isEqualTo("SampleExtractionErr");
    assertThat(state.errorDetails()).isEqualTo("strconv.ParseFloat: parsing \"x\": invalid syntax");
    Unwrap filtered =
        new Unwrap(
            "bad",
            Unwrap.Conversion.NUMBER,
            List.of(new TextFilter(Matcher.equal(EntryState.ERROR, ""))));
    state.reset(0, NO_LINE, 0, 0, Labels.EMPTY);
    assertThat(filtered.process(state)).isFalse();
    assertThat(filtered.grouping(null)).isEqualTo(new Grouping(true, List.of("bad")));
    assertThat(filtered.grouping(new Grouping(false, List.of("a"))))
        .isEqualTo(new Grouping(false, List.of("a")));
  }

  private @Nullable Double unwrapped(String label, Unwrap.Conversion conversion) {
    Unwrap unwrap = new Unwrap(label, conversion, List.of());
    state.reset(0, NO_LINE, 0, 0, Labels.EMPTY);
    return unwrap.process(state) ? unwrap.value() : null;
  }

  @Test
  void keepsTheFirstErrorOfFilters() {
    state.stream(Labels.EMPTY);
    run("x=nope y=90", Labels.EMPTY, "| logfmt | x > 1s and y > 1s");
    assertThat(state.error()).isEqualTo("LabelFilterErr");
    assertThat(state.errorDetails()).isEqualTo("time: invalid duration \"nope\"");
    run("x=nope y=90", Labels.EMPTY, "| logfmt | y > 1s and x > 1s");
    assertThat(state.errorDetails()).isEqualTo("time: missing unit in duration \"90\"");
    run("y=1d", Labels.EMPTY, "| logfmt | y > 1s");
    assertThat(state.errorDetails()).isEqualTo("time: unknown unit \"d\" in duration \"1d\"");
    run("z=oops", Labels.EMPTY, "| logfmt | z > 1MB");
    assertThat(state.errorDetails()).isEqualTo("strconv.ParseFloat: parsing \"\": invalid syntax");
    run("z=1XB", Labels.EMPTY, "| logfmt | z > 1MB");
    assertThat(state.errorDetails()).isEqualTo("unhandled size name: xb");
  }

  @Test
  void readsOnlyTheColumnsThatAreLookedAt() {
    FakeRun run = new FakeRun();
    EntryState of = new EntryState();
    of.run(run);
    of.entry(0);
    Pipeline filter =
        new Pipeline(
            List.of(new JsonStage(), new NumberFilter("status", Comparison.GREATER_OR_EQUAL, 500)));
    assertThat(filter.process(of)).isFalse();
    assertThat(run.read).containsExactly("number status");
    run.read.clear();
    of.entry(1);
    assertThat(filter.process(of)).isTrue();
    assertThat((Object) of.labels())
        .isEqualTo(Labels.of("app", "a", "app_extracted", "b1", "status", "501"));
    assertThat(run.read).containsExactly("number status", "text app", "text status");
    run.read.clear();

    Grouping byStatus = new Grouping(false, List.of("status"));
    EntryState hinted = new EntryState(ParserHints.of(List.of(), byStatus), byStatus);
    hinted.run(run);
    hinted.entry(1);
    assertThat(new JsonStage().process(hinted)).isTrue();
    assertThat((Object) hinted.grouped()).isEqualTo(Labels.of("status", "501"));
    assertThat(run.read).containsExactly("text status");
    run.read.clear();

    // What is not in columns, or was taken apart in another way, is parsed from the line.
    of.entry(2);
    assertThat(filter.process(of)).isTrue();
    assertThat(of.get("status")).isEqualTo("777");
    of.entry(1);
    assertThat(new Pipeline(StageReader.read("| logfmt --keep-empty")).process(of)).isTrue();
    assertThat(of.get("status")).isNull();
    of.entry(1);
    assertThat(new Pipeline(StageReader.read("| line_format `{\"status\":9}` | json")).process(of))
        .isTrue();
    assertThat(of.get("status")).isEqualTo("9");
    assertThat(of.timeNs()).isEqualTo(20);
  }

  private void run(String line, Labels metadata, String stages) {
    process(state, line, metadata, stages);
  }

  private static void process(EntryState of, String line, Labels metadata, String stages) {
    byte[] bytes = line.getBytes(StandardCharsets.UTF_8);
    of.reset(0, bytes, 0, bytes.length, metadata);
    assertThat(new Pipeline(StageReader.read(stages)).process(of)).isTrue();
  }

  /** Three entries; the first two in columns {@code app} and {@code status}. */
  private static final class FakeRun implements LogRun, LogRun.FieldColumns {

    private final List<String> read = new ArrayList<>();

    @Override
    public Labels stream() {
      return Labels.of("app", "a");
    }

    @Override
    public int streamNumber() {
      return 0;
    }

    @Override
    public int size() {
      return 3;
    }

    @Override
    public long minTimeNs() {
      return 10;
    }

    @Override
    public long maxTimeNs() {
      return 30;
    }

    @Override
    public long lineBytes() {
      return 0;
    }

    @Override
    public long[] timesNs() {
      return new long[] {10, 20, 30};
    }

    @Override
    public void line(int entry, LineView into) {
      read.add("line " + entry);
      into.bytes = "{\"status\":777}".getBytes(StandardCharsets.UTF_8);
      into.from = 0;
      into.length = into.bytes.length;
    }

    @Override
    public Labels metadata(int entry) {
      return Labels.EMPTY;
    }

    @Override
    public boolean hasMetadata() {
      return false;
    }

    @Override
    public FieldColumns fields() {
      return this;
    }

    @Override
    public EntryCondition.@Nullable Syntax syntax(int entry) {
      return entry < 2 ? EntryCondition.Syntax.JSON : null;
    }

    @Override
    public int columns() {
      return 2;
    }

    @Override
    public String name(int column) {
      return column == 0 ? "app" : "status";
    }

    @Override
    public int column(String name) {
      return List.of("app", "status").indexOf(name);
    }

    @Override
    public boolean has(int entry, int column) {
      return true;
    }

    @Override
    public String text(int entry, int column) {
      read.add("text " + name(column));
      return column == 0 ? "b" + entry : Integer.toString(500 + entry * 2 - 1);
    }

    @Override
    public double number(int entry, int column) {
      read.add("number " + name(column));
      return column == 0 ? Double.NaN : 500 + entry * 2 - 1;
    }

    @Override
    public int code(int entry, int column) {
      return -1;
    }
  }
}
