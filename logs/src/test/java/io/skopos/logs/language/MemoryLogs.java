// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

import io.skopos.engine.QueryBudget;
import io.skopos.logs.language.pipeline.EntryState;
import io.skopos.logs.language.pipeline.JsonStage;
import io.skopos.logs.language.pipeline.LogfmtStage;
import io.skopos.logs.language.pipeline.Stage;
import io.skopos.logs.store.EntryCondition;
import io.skopos.logs.store.LogRun;
import io.skopos.logs.store.LogSelection;
import io.skopos.logs.store.LogSource;
import io.skopos.model.Labels;
import io.skopos.model.Matcher;
import io.skopos.model.TenantId;
import io.skopos.storage.index.LabelPattern;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Entries in memory, read in runs of a few. Takes conditions as far as their contract allows: what
 * they let it leave out, it leaves out.
 */
public final class MemoryLogs implements LogSource {

  private record Entry(long timeNs, byte[] line, Labels metadata) {}

  private final Map<Labels, List<Entry>> streams = new TreeMap<>();
  private final int entriesPerRun;
  private final boolean conditional;

  /**
   * @param conditional whether conditions are used
   */
  public MemoryLogs(int entriesPerRun, boolean conditional) {
    this.entriesPerRun = entriesPerRun;
    this.conditional = conditional;
  }

  public void clear() {
    streams.clear();
  }

  public void add(Labels stream, long timeNs, String line, Labels metadata) {
    Entry entry = new Entry(timeNs, line.getBytes(StandardCharsets.UTF_8), metadata);
    List<Entry> entries = streams.computeIfAbsent(stream, _ -> new ArrayList<>());
    int at = entries.size();
    while (at > 0 && entries.get(at - 1).timeNs > timeNs) {
      at--;
    }
    entries.add(at, entry);
  }

  @Override
  public List<String> scan(LogSelection selection, QueryBudget budget, RunVisitor visitor) {
    List<Run> runs = new ArrayList<>();
    int number = 0;
    for (Map.Entry<Labels, List<Entry>> stream : streams.entrySet()) {
      if (!fits(selection.matchers(), stream.getKey())) {
        continue;
      }
      List<Entry> wanted =
          stream.getValue().stream()
              .filter(e -> e.timeNs >= selection.fromNs() && e.timeNs <= selection.toNs())
              .filter(e -> !conditional || fits(selection.conditions(), stream.getKey(), e))
              .toList();
      for (int i = 0; i < wanted.size(); i += entriesPerRun) {
        int end = Math.min(wanted.size(), i + entriesPerRun);
        runs.add(new Run(stream.getKey(), number, wanted.subList(i, end)));
      }
      number++;
    }
    switch (selection.order()) {
      case BY_STREAM -> {}
      case NEWEST_FIRST -> runs.sort(Comparator.comparingLong(Run::maxTimeNs).reversed());
      case OLDEST_FIRST -> runs.sort(Comparator.comparingLong(Run::minTimeNs));
    }
    for (Run run : runs) {
      long bound = visitor.bound();
      boolean beyond =
          switch (selection.order()) {
            case BY_STREAM -> false;
            case NEWEST_FIRST -> run.maxTimeNs() < bound;
            case OLDEST_FIRST -> run.minTimeNs() > bound;
          };
      if (!beyond && !visitor.visit(run)) {
        break;
      }
    }
    return List.of();
  }

  @Override
  public Collection<Labels> streams(
      TenantId tenant, List<Matcher> matchers, long fromNs, long toNs, QueryBudget budget) {
    return streams.keySet().stream().filter(labels -> fits(matchers, labels)).toList();
  }

  @Override
  public List<String> volumes(
      TenantId tenant,
      List<Matcher> matchers,
      long fromNs,
      long toNs,
      QueryBudget budget,
      VolumeVisitor visitor) {
    throw new UnsupportedOperationException();
  }

  private static boolean fits(List<Matcher> matchers, Labels labels) {
    for (Matcher matcher : matchers) {
      String value = labels.getOrEmpty(matcher.name());
      boolean fits =
          switch (matcher.type()) {
            case EQUAL -> value.equals(matcher.value());
            case NOT_EQUAL -> !value.equals(matcher.value());
            case REGEX -> matches(matcher, value);
            case NOT_REGEX -> !matches(matcher, value);
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static boolean matches(Matcher matcher, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return LabelPattern.compile(matcher.value()).matches(bytes, 0, bytes.length);
  }

  private static boolean fits(List<EntryCondition> conditions, Labels stream, Entry entry) {
    for (EntryCondition condition : conditions) {
      boolean fits =
          switch (condition) {
            case EntryCondition.LineContains(List<byte[]> anyOf) -> contains(entry.line, anyOf);
            case EntryCondition.Metadata(String name, EntryCondition.Value value) ->
                fits(value, stream.get(name)) || fits(value, entry.metadata.get(name));
            case EntryCondition.Field field ->
                stream.has(field.name())
                    || entry.metadata.has(field.name())
                    || parsedFits(field, entry);
          };
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static boolean contains(byte[] line, List<byte[]> anyOf) {
    String text = new String(line, StandardCharsets.UTF_8);
    return anyOf.stream().anyMatch(part -> text.contains(new String(part, StandardCharsets.UTF_8)));
  }

  private static boolean parsedFits(EntryCondition.Field field, Entry entry) {
    EntryState state = new EntryState().stream(Labels.EMPTY);
    state.reset(0, entry.line, 0, entry.line.length, Labels.EMPTY);
    Stage parser =
        switch (field.syntax()) {
          case JSON -> new JsonStage();
          case LOGFMT -> new LogfmtStage(false, false);
        };
    parser.process(state);
    return state.hasError() || fits(field.value(), state.get(field.name()));
  }

  private static boolean fits(EntryCondition.Value value, @Nullable String text) {
    if (text == null) {
      return false;
    }
    return switch (value) {
      case EntryCondition.Value.Present() -> !text.isEmpty();
      case EntryCondition.Value.OneOf(List<String> texts) -> texts.contains(text);
      case EntryCondition.Value.Between(double least, double greatest) -> {
        try {
          double number = Double.parseDouble(text);
          yield Double.isNaN(number) || (number >= least && number <= greatest);
        } catch (NumberFormatException _) {
          yield true;
        }
      }
    };
  }

  private static final class Run implements LogRun {

    private final Labels stream;
    private final int number;
    private final List<Entry> entries;

    Run(Labels stream, int number, List<Entry> entries) {
      this.stream = stream;
      this.number = number;
      this.entries = entries;
    }

    @Override
    public Labels stream() {
      return stream;
    }

    @Override
    public int streamNumber() {
      return number;
    }

    @Override
    public int size() {
      return entries.size();
    }

    @Override
    public long minTimeNs() {
      return entries.getFirst().timeNs;
    }

    @Override
    public long maxTimeNs() {
      return entries.getLast().timeNs;
    }

    @Override
    public long lineBytes() {
      return entries.stream().mapToLong(entry -> entry.line.length).sum();
    }

    @Override
    public long[] timesNs() {
      long[] times = new long[entries.size() + 3];
      Arrays.setAll(times, i -> i < entries.size() ? entries.get(i).timeNs : -1);
      return times;
    }

    @Override
    public void line(int entry, LineView into) {
      into.bytes = entries.get(entry).line;
      into.from = 0;
      into.length = into.bytes.length;
    }

    @Override
    public Labels metadata(int entry) {
      return entries.get(entry).metadata;
    }

    @Override
    public boolean hasMetadata() {
      return entries.stream().anyMatch(entry -> !entry.metadata.isEmpty());
    }

    @Override
    public @Nullable FieldColumns fields() {
      return null;
    }
  }
}
