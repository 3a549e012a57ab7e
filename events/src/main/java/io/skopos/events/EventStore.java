// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.events;

import io.skopos.model.Fingerprint;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import io.skopos.storage.Sharding;
import io.skopos.storage.manifest.Manifests;
import io.skopos.storage.part.Parts;
import io.skopos.storage.rows.Column;
import io.skopos.storage.rows.ColumnType;
import io.skopos.storage.rows.RowBatch;
import io.skopos.storage.rows.RowBlock;
import io.skopos.storage.rows.RowBlockBuilder;
import io.skopos.storage.rows.RowCondition;
import io.skopos.storage.rows.RowQuery;
import io.skopos.storage.rows.RowSchema;
import io.skopos.storage.rows.RowStore;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Events as rows. Thread-safe. */
public final class EventStore {

  /** Ongoing events end here. */
  private static final long NEVER = Long.MAX_VALUE;

  private static final String ID = "id";
  private static final String KIND = "kind";
  private static final String TITLE = "title";
  private static final String TEXT = "text";
  private static final String ENTITIES = "entities";
  private static final String END = "end";
  private static final String MOMENT = "moment";
  private static final String LINK = "link";
  private static final String LABEL_PREFIX = "label.";

  private static final RowSchema SCHEMA =
      new RowSchema(
          Signal.EVENTS,
          List.of(
              new RowSchema.ColumnSpec(ID, ColumnType.BYTES, false),
              new RowSchema.ColumnSpec(KIND, ColumnType.BYTES, false),
              new RowSchema.ColumnSpec(TITLE, ColumnType.BYTES, true),
              new RowSchema.ColumnSpec(TEXT, ColumnType.BYTES, true),
              new RowSchema.ColumnSpec(ENTITIES, ColumnType.BYTES, true),
              new RowSchema.ColumnSpec(END, ColumnType.INTEGER, false),
              new RowSchema.ColumnSpec(MOMENT, ColumnType.INTEGER, false),
              new RowSchema.ColumnSpec(LINK, ColumnType.BYTES, false)),
          List.of(ID),
          1);

  private final RowStore rows;
  private final Fingerprint fingerprint;

  public EventStore(Parts parts, Manifests manifests, Sharding sharding) {
    this.fingerprint = new Fingerprint(sharding.key0(), sharding.key1());
    this.rows =
        new RowStore(SCHEMA, parts, manifests, sharding.shardCount(), EventStore::columnOfLabel);
  }

  /** What the ground drives. */
  public RowStore rows() {
    return rows;
  }

  /**
   * Completes when the events are durable and visible. An event of equal id and start is replaced.
   */
  public CompletableFuture<Void> add(Intake intake, TenantId tenant, List<Event> events) {
    RowBlockBuilder builder = new RowBlockBuilder();
    for (Event event : events) {
      builder.row(event.startMs());
      builder.text(ID, event.id()).text(KIND, event.kind()).text(TITLE, event.title());
      if (!event.text().isEmpty()) {
        builder.text(TEXT, event.text());
      }
      if (!event.entities().isEmpty()) {
        // Line breaks on both sides, so that one is found as a whole.
        builder.text(ENTITIES, "\n" + String.join("\n", event.entities()) + "\n");
      }
      Long end = event.endMs();
      builder.integer(END, event.ongoing() ? NEVER : end == null ? event.startMs() : end);
      builder.integer(MOMENT, end == null && !event.ongoing() ? 1 : 0);
      if (!event.link().isEmpty()) {
        builder.text(LINK, event.link());
      }
      new TreeMap<>(event.labels())
          .forEach((name, value) -> builder.text(LABEL_PREFIX + name, value));
    }
    return intake.append(tenant, new RowBatch(SCHEMA, builder.build(), this::shardKey));
  }

  private long shardKey(RowBlock block, int row) {
    return fingerprint.hash64(utf8(block.text(ID, row)));
  }

  /** A page of events that overlap the query's time. */
  public EventQuery.Page find(TenantId tenant, EventQuery query) {
    List<RowCondition> conditions = new ArrayList<>();
    conditions.add(new RowCondition.Between(END, query.fromMs(), Long.MAX_VALUE));
    if (!query.kinds().isEmpty()) {
      conditions.add(RowCondition.OneOf.of(KIND, query.kinds()));
    }
    for (Matcher matcher : query.labels()) {
      conditions.add(RowCondition.Matches.of(columnOfLabel(matcher.name()), matcher));
    }
    if (query.entities().size() == 1) {
      conditions.add(mentions(query.entities().iterator().next()));
    }
    long fromTime = Long.MIN_VALUE;
    long toTime = query.toMs();
    EventQuery.Cursor after = query.after();
    if (after != null && query.newestFirst()) {
      toTime = Math.min(toTime, after.startMs());
    } else if (after != null) {
      fromTime = after.startMs();
    }
    List<Event> found = new ArrayList<>();
    List<String> warnings =
        fromTime > toTime
            ? List.of()
            : rows.scan(
                tenant,
                new RowQuery(fromTime, toTime, conditions, query.newestFirst()),
                (block, row) -> {
                  if (isBehind(after, query.newestFirst(), block, row) && fits(query, block, row)) {
                    found.add(event(block, row));
                  }
                  return found.size() <= query.limit();
                });
    if (found.size() <= query.limit()) {
      return new EventQuery.Page(found, null, warnings);
    }
    List<Event> page = found.subList(0, query.limit());
    Event last = page.getLast();
    return new EventQuery.Page(
        List.copyOf(page), new EventQuery.Cursor(last.startMs(), last.id()), warnings);
  }

  /** The event with this id, the latest when there are several; null when there is none. */
  public @Nullable Event get(TenantId tenant, String id) {
    Event[] found = new Event[1];
    List<String> unused =
        rows.scan(
            tenant,
            new RowQuery(
                Long.MIN_VALUE,
                Long.MAX_VALUE,
                List.of(new RowCondition.OneOf(ID, List.of(utf8(id)))),
                true),
            (block, row) -> {
              found[0] = event(block, row);
              return false;
            });
    return found[0];
  }

  private static String columnOfLabel(String name) {
    return name.equals(KIND) ? KIND : LABEL_PREFIX + name;
  }

  private static RowCondition mentions(String entity) {
    return new RowCondition.Contains(ENTITIES, utf8("\n" + entity + "\n"), false);
  }

  private static boolean isBehind(
      EventQuery.@Nullable Cursor after, boolean newestFirst, RowBlock block, int row) {
    if (after == null) {
      return true;
    }
    int order = Long.compare(block.time(row), after.startMs());
    if (order == 0) {
      // As bytes, like rows.
      order = Arrays.compareUnsigned(utf8(block.text(ID, row)), utf8(after.id()));
    }
    return newestFirst ? order < 0 : order > 0;
  }

  /** The conditions that are alternatives. */
  private static boolean fits(EventQuery query, RowBlock block, int row) {
    if (query.entities().size() > 1
        && query.entities().stream()
            .noneMatch(entity -> mentions(entity).fits(block.column(ENTITIES), row))) {
      return false;
    }
    if (query.search().isEmpty()) {
      return true;
    }
    String wanted = query.search().toLowerCase(Locale.ROOT);
    for (String column : List.of(TITLE, TEXT)) {
      String value = block.text(column, row);
      if (value != null && value.toLowerCase(Locale.ROOT).contains(wanted)) {
        return true;
      }
    }
    return false;
  }

  private static Event event(RowBlock block, int row) {
    Map<String, String> labels = new TreeMap<>();
    for (String column : block.columns().keySet()) {
      String value = column.startsWith(LABEL_PREFIX) ? block.text(column, row) : null;
      if (value != null) {
        labels.put(column.substring(LABEL_PREFIX.length()), value);
      }
    }
    String entities = block.text(ENTITIES, row);
    long end = integer(block.column(END), row);
    boolean moment = integer(block.column(MOMENT), row) == 1;
    boolean ongoing = end == NEVER;
    return new Event(
        orEmpty(block.text(ID, row)),
        orEmpty(block.text(KIND, row)),
        orEmpty(block.text(TITLE, row)),
        orEmpty(block.text(TEXT, row)),
        entities == null ? List.of() : List.of(entities.substring(1).split("\n")),
        labels,
        block.time(row),
        moment || ongoing ? null : end,
        ongoing,
        orEmpty(block.text(LINK, row)));
  }

  private static long integer(@Nullable Column column, int row) {
    return column instanceof Column.Integers integers ? integers.values()[row] : 0;
  }

  private static byte[] utf8(@Nullable String text) {
    return orEmpty(text).getBytes(StandardCharsets.UTF_8);
  }

  private static String orEmpty(@Nullable String text) {
    return text == null ? "" : text;
  }
}
