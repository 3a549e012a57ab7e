// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.engine.aggregation.Grouping;
import io.skopos.logs.store.EntryCondition;
import io.skopos.logs.store.LogRun;
import io.skopos.model.CanonicalLength;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * One entry on its way through a {@link Pipeline}: its line and its labels. Made once for a query
 * and thread, set to a stream with {@link #stream} or {@link #run} and then to one entry after
 * another; an entry whose labels no stage touches costs no work for them.
 *
 * <p>A name belongs to one category. Of a name that several have, the stream's label keeps it, then
 * the metadata's, then the parsed one; the loser is called {@code <name>_extracted}. Label sets
 * given out may have empty values, which LogQL tells from labels that are not there.
 *
 * <p>Lines, times, metadata and parsed columns of a run are only asked for when a stage or the
 * caller looks at them. Not thread-safe.
 */
public final class EntryState {

  public static final String ERROR = "__error__";
  public static final String ERROR_DETAILS = "__error_details__";

  /** Set beside an error when the query itself looks at errors. */
  public static final String PRESERVE_ERROR = "__preserve_error__";

  static final String EXTRACTED = "_extracted";

  /** Where a label came from. */
  enum Category {
    STREAM(EntryState.STREAM),
    METADATA(EntryState.METADATA),
    PARSED(EntryState.PARSED);

    private final int rank;

    Category(int rank) {
      this.rank = rank;
    }
  }

  private static final int ALL_CATEGORIES = 0b111;
  private static final int MAX_NAMES = 32_768;
  private static final int GONE = -1;
  private static final int STREAM = 0;
  private static final int METADATA = 1;
  private static final int PARSED = 2;
  private static final byte[] NO_BYTES = new byte[0];

  final ParserHints hints;
  private final @Nullable Grouping grouping;
  private final LabelInterner interner = new LabelInterner();

  private final Map<String, LabelName> names = new HashMap<>();
  private int generation;
  private LabelName[] groupNames = new LabelName[0];

  private Labels stream = Labels.EMPTY;
  private LabelName[] baseNames = new LabelName[0];
  private int[] baseFrom = new int[0];
  private int[] baseLength = new int[0];
  private @Nullable Labels groupedStream;

  private @Nullable LogRun run;
  private int entry;
  private final LogRun.LineView view = new LogRun.LineView();
  private boolean lineKnown;
  private boolean lineReplaced;
  private byte[] line = NO_BYTES;
  private int lineFrom;
  private int lineLength;
  private boolean timeKnown;
  private long timeNs;
  private boolean metadataAdded;
  private Labels metadata = Labels.EMPTY;
  private Labels metadataNamed = Labels.EMPTY;
  private LabelName[] metadataNames = new LabelName[0];
  private int[] metadataFrom = new int[0];
  private int[] metadataLength = new int[0];
  private int metadataLabels;

  private LogRun.@Nullable FieldColumns columns;
  private LogRun.@Nullable FieldColumns columnsNamed;
  private LabelName[] columnNames = new LabelName[0];
  private int[] wantedColumns = new int[0];

  private long stamp = 1;
  private int slots;
  private LabelName[] slotName = new LabelName[16];
  private int[] slotCategory = new int[16];
  private byte[][] slotBytes = new byte[16][];
  private int[] slotFrom = new int[16];
  private int[] slotLength = new int[16];
  private @Nullable String[] slotText = new String[16];
  private int[] slotColumn = new int[16];
  private boolean deletedAny;
  private int requiredExtracted;
  private String error = "";
  private String errorDetails = "";

  private byte[] arena = new byte[512];
  private int arenaUsed;

  /** The value that {@link #find} found. */
  byte[] foundBytes = NO_BYTES;

  int foundFrom;
  int foundLength;

  private byte[] scratch = new byte[512];
  private final LabelShape all = new LabelShape();
  private final LabelShape streamShape = new LabelShape();
  private final LabelShape metadataShape = new LabelShape();
  private final LabelShape parsedShape = new LabelShape();
  private final LabelShape without = new LabelShape();

  /**
   * @param grouping what {@link #grouped} keeps; null for everything
   */
  public EntryState(ParserHints hints, @Nullable Grouping grouping) {
    this.hints = hints;
    this.grouping = grouping;
    nameGroups();
  }

  /** For log queries: every label is wanted. */
  public EntryState() {
    this(ParserHints.ALL, null);
  }

  // ---- to a stream, to an entry

  /** Sets the labels that all entries have until it is called again. */
  public EntryState stream(Labels labels) {
    run = null;
    columns = null;
    setStream(labels);
    return this;
  }

  /** Sets a run whose entries {@link #entry} then takes. */
  public EntryState run(LogRun newRun) {
    setStream(newRun.stream());
    run = newRun;
    columns = newRun.fields();
    return this;
  }

  private void setStream(Labels labels) {
    columnsNamed = null;
    if (names.size() > MAX_NAMES) {
      forgetNames();
    } else if (stream.equals(labels)) {
      return;
    }
    for (LabelName name : baseNames) {
      name.base = -1;
    }
    stream = labels;
    groupedStream = null;
    int count = labels.size();
    baseNames = new LabelName[count];
    baseFrom = new int[count];
    baseLength = new int[count];
    int at = 0;
    byte[] bytes = labels.canonicalBytes();
    for (int i = 0; i < count; i++) {
      int length = CanonicalLength.read(bytes, at);
      at += CanonicalLength.bytes(length);
      LabelName name = name(new String(bytes, at, length, StandardCharsets.UTF_8));
      name.base = i;
      baseNames[i] = name;
      at += length;
      length = CanonicalLength.read(bytes, at);
      at += CanonicalLength.bytes(length);
      baseFrom[i] = at;
      baseLength[i] = length;
      at += length;
    }
  }

  private void forgetNames() {
    names.clear();
    generation++;
    baseNames = new LabelName[0];
    metadataNamed = Labels.EMPTY;
    metadataLabels = 0;
    nameGroups();
  }

  private void nameGroups() {
    if (grouping != null) {
      groupNames =
          grouping.names().stream()
              .distinct()
              .map(this::name)
              .sorted((left, right) -> Arrays.compareUnsigned(left.utf8, right.utf8))
              .toArray(LabelName[]::new);
    }
  }

  /** The next entry of the run. */
  public EntryState entry(int index) {
    begin();
    entry = index;
    lineKnown = false;
    timeKnown = false;
    LogRun of = run;
    metadataAdded = of == null || !of.hasMetadata();
    return this;
  }

  /**
   * The next entry, of no run.
   *
   * @param bytes of the line, not copied: left alone until the next entry
   */
  public EntryState reset(long time, byte[] bytes, int from, int length, Labels structured) {
    begin();
    run = null;
    columns = null;
    lineKnown = true;
    line = bytes;
    lineFrom = from;
    lineLength = length;
    timeKnown = true;
    timeNs = time;
    metadata = structured;
    metadataAdded = structured.isEmpty();
    return this;
  }

  private void begin() {
    if (names.size() > MAX_NAMES) {
      Labels of = stream;
      forgetNames();
      stream = Labels.EMPTY;
      setStream(of);
    }
    stamp++;
    slots = 0;
    deletedAny = false;
    requiredExtracted = 0;
    lineReplaced = false;
    error = "";
    errorDetails = "";
    arenaUsed = 0;
    if (arena.length > 1 << 20) {
      arena = new byte[512];
    }
  }

  // ---- the line

  public long timeNs() {
    if (!timeKnown && run != null) {
      timeNs = run.timesNs()[entry];
      timeKnown = true;
    }
    return timeNs;
  }

  /** The array the line stands in: read only. */
  public byte[] bytes() {
    readLine();
    return line;
  }

  public int from() {
    readLine();
    return lineFrom;
  }

  public int length() {
    readLine();
    return lineLength;
  }

  public String line() {
    readLine();
    return new String(line, lineFrom, lineLength, StandardCharsets.UTF_8);
  }

  /** Whether a stage has put another line in the place of the entry's. */
  public boolean lineReplaced() {
    return lineReplaced;
  }

  private void readLine() {
    if (!lineKnown && run != null) {
      run.line(entry, view);
      line = view.bytes;
      lineFrom = view.from;
      lineLength = view.length;
      lineKnown = true;
    }
  }

  /**
   * @param bytes not copied: left alone until the next entry
   */
  void replaceLine(byte[] bytes, int from, int length) {
    lineKnown = true;
    lineReplaced = true;
    line = bytes;
    lineFrom = from;
    lineLength = length;
  }

  // ---- errors

  public boolean hasError() {
    return !error.isEmpty();
  }

  /** Empty when there is none. */
  public String error() {
    return error;
  }

  public String errorDetails() {
    return errorDetails;
  }

  void setError(String newError) {
    error = newError;
  }

  void setErrorDetails(String details) {
    errorDetails = details;
  }

  /** Of a parser. */
  void parserError(String newError, String details) {
    error = newError;
    if (!details.isEmpty()) {
      errorDetails = details;
    }
    if (hints.preservesErrors()) {
      set(Category.PARSED, name(PRESERVE_ERROR), "true");
    }
  }

  /** Of a filter or a conversion: an earlier error tells more. */
  void conversionError(String newError, String details) {
    if (error.isEmpty()) {
      error = newError;
      errorDetails = details;
    }
  }

  // ---- single labels

  /** Changes when names given out before are no longer this state's. */
  int generation() {
    return generation;
  }

  LabelName name(String text) {
    LabelName known = names.get(text);
    if (known == null) {
      known = new LabelName(text, hints.wants(text));
      names.put(text, known);
    }
    return known;
  }

  /** The value of a label as the stages so far left it; null when there is none. */
  public @Nullable String get(String name) {
    if (name.equals(ERROR)) {
      return error.isEmpty() ? null : error;
    }
    if (name.equals(ERROR_DETAILS)) {
      return errorDetails.isEmpty() ? null : errorDetails;
    }
    return find(name(name)) ? foundText() : null;
  }

  /** Finds a value; its bytes are then in {@link #foundBytes}. */
  boolean find(LabelName name) {
    addMetadata();
    if (name.slotStamp == stamp) {
      int slot = name.slot;
      readSlot(slot);
      foundBytes = slotBytes[slot];
      foundFrom = slotFrom[slot];
      foundLength = slotLength[slot];
      foundSlot = slot;
      return true;
    }
    if (name.base >= 0 && name.deletedStamp != stamp) {
      foundBytes = stream.canonicalBytes();
      foundFrom = baseFrom[name.base];
      foundLength = baseLength[name.base];
      foundSlot = GONE;
      return true;
    }
    return false;
  }

  private int foundSlot;

  String foundText() {
    if (foundSlot != GONE) {
      String text = slotText[foundSlot];
      if (text == null) {
        text = new String(foundBytes, foundFrom, foundLength, StandardCharsets.UTF_8);
        slotText[foundSlot] = text;
      }
      return text;
    }
    return new String(foundBytes, foundFrom, foundLength, StandardCharsets.UTF_8);
  }

  /**
   * The value of a label that was taken apart into columns, as a number; NaN when it is not one or
   * not known without reading its text.
   */
  double columnNumber(LabelName name) {
    addMetadata();
    LogRun.FieldColumns from = columns;
    if (name.slotStamp != stamp || from == null) {
      return Double.NaN;
    }
    int column = slotColumn[name.slot];
    double number = column < 0 ? Double.NaN : from.number(entry, column);
    // A number that is too large is an error, which its text tells.
    return Double.isInfinite(number) ? Double.NaN : number;
  }

  boolean has(LabelName name) {
    addMetadata();
    return name.slotStamp == stamp || (name.base >= 0 && name.deletedStamp != stamp);
  }

  /** The category a label that is there belongs to. */
  Category category(LabelName name) {
    if (name.slotStamp != stamp) {
      return Category.STREAM;
    }
    int category = slotCategory[name.slot];
    return category == STREAM
        ? Category.STREAM
        : category == METADATA ? Category.METADATA : Category.PARSED;
  }

  void set(Category category, LabelName name, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    int slot = setSlot(category, name, bytes, 0, bytes.length);
    if (slot != GONE) {
      slotText[slot] = value;
    }
  }

  /**
   * @param bytes not copied: left alone until the next entry
   */
  void set(Category category, LabelName name, byte[] bytes, int from, int length) {
    setSlot(category, name, bytes, from, length);
  }

  private int setSlot(Category category, LabelName name, byte[] bytes, int from, int length) {
    addMetadata();
    int slot;
    if (name.slotStamp == stamp) {
      slot = name.slot;
      if (category.rank < slotCategory[slot]) {
        return GONE;
      }
    } else {
      slot = newSlot(name);
    }
    slotCategory[slot] = category.rank;
    slotBytes[slot] = bytes;
    slotFrom[slot] = from;
    slotLength[slot] = length;
    slotText[slot] = null;
    slotColumn[slot] = -1;
    if (category == Category.PARSED) {
      recordExtracted(name);
    }
    return slot;
  }

  private int newSlot(LabelName name) {
    if (slots == slotName.length) {
      int size = slots * 2;
      slotName = Arrays.copyOf(slotName, size);
      slotCategory = Arrays.copyOf(slotCategory, size);
      slotBytes = Arrays.copyOf(slotBytes, size);
      slotFrom = Arrays.copyOf(slotFrom, size);
      slotLength = Arrays.copyOf(slotLength, size);
      slotText = Arrays.copyOf(slotText, size);
      slotColumn = Arrays.copyOf(slotColumn, size);
    }
    slotName[slots] = name;
    name.slot = slots;
    name.slotStamp = stamp;
    return slots++;
  }

  private void recordExtracted(LabelName name) {
    if (name.extractedStamp != stamp) {
      name.extractedStamp = stamp;
      if (name.wanted) {
        requiredExtracted++;
      }
    }
  }

  void delete(LabelName name) {
    addMetadata();
    if (name.slotStamp == stamp) {
      slotCategory[name.slot] = GONE;
      name.slotStamp = 0;
    }
    if (name.base >= 0) {
      name.deletedStamp = stamp;
      deletedAny = true;
    }
  }

  /** Room for bytes that stay until the next entry; they start at the offset returned. */
  int reserve(int length) {
    if (arena.length - arenaUsed < length) {
      arena = new byte[Math.max(arena.length * 2, length)];
      arenaUsed = 0;
    }
    int at = arenaUsed;
    arenaUsed += length;
    return at;
  }

  /** Where reserved bytes are, until more are reserved. */
  byte[] arena() {
    return arena;
  }

  // ---- parsers

  /** Nothing more is wanted of parsers. */
  boolean parsedEnough() {
    return hints.required() != null && requiredExtracted >= hints.required().size();
  }

  /** The name a parsed label gets; null when it is not wanted or was parsed before. */
  @Nullable LabelName parsedName(LabelName name) {
    addMetadata();
    LabelName target = name;
    if (name.base >= 0 || (name.slotStamp == stamp && slotCategory[name.slot] == METADATA)) {
      target = extractedName(name);
    }
    return target.wanted && target.extractedStamp != stamp ? target : null;
  }

  /** Whether a parsed label of this name may be wanted in some entry. */
  boolean mayWant(LabelName name) {
    return name.wanted || hints.wants(name.text + EXTRACTED);
  }

  LabelName extractedName(LabelName name) {
    LabelName extracted = name.extracted;
    if (extracted == null) {
      extracted = name(name.text + EXTRACTED);
      name.extracted = extracted;
    }
    return extracted;
  }

  /** Whether the stream or the metadata have the name, so that a parser may not give it. */
  boolean isTaken(LabelName name) {
    addMetadata();
    return name.base >= 0 || (name.slotStamp == stamp && slotCategory[name.slot] == METADATA);
  }

  /** So many labels were added; for {@link #undoTo}. */
  int mark() {
    addMetadata();
    return slots;
  }

  /** Takes back what a parser added since. It has added new names only. */
  void undoTo(int mark) {
    for (int slot = mark; slot < slots; slot++) {
      LabelName name = slotName[slot];
      if (slotCategory[slot] != GONE) {
        name.slotStamp = 0;
      }
      if (name.extractedStamp == stamp) {
        name.extractedStamp = 0;
        if (name.wanted) {
          requiredExtracted--;
        }
      }
    }
    slots = mark;
  }

  /**
   * Takes the entry's fields from the run's columns, if its line was taken apart so when it was
   * stored and is still the same. Values are read when they are looked at.
   */
  @SuppressWarnings("ReferenceEquality") // one object for each run
  boolean parseColumns(EntryCondition.Syntax syntax) {
    LogRun.FieldColumns from = columns;
    if (from == null || lineReplaced || from.syntax(entry) != syntax) {
      return false;
    }
    if (columnsNamed != from) {
      nameColumns(from);
    }
    for (int i = 0; i < wantedColumns.length; i++) {
      int column = wantedColumns[i];
      if (!from.has(entry, column)) {
        continue;
      }
      LabelName name = parsedName(columnNames[i]);
      if (name != null) {
        int slot = setSlot(Category.PARSED, name, NO_BYTES, 0, 0);
        if (slot != GONE) {
          slotColumn[slot] = column;
        }
      }
    }
    return true;
  }

  private void nameColumns(LogRun.FieldColumns from) {
    columnsNamed = from;
    int count = from.columns();
    wantedColumns = new int[count];
    columnNames = new LabelName[count];
    int wanted = 0;
    for (int column = 0; column < count; column++) {
      LabelName name = name(from.name(column));
      if (mayWant(name)) {
        wantedColumns[wanted] = column;
        columnNames[wanted++] = name;
      }
    }
    wantedColumns = Arrays.copyOf(wantedColumns, wanted);
  }

  private void readSlot(int slot) {
    int column = slotColumn[slot];
    LogRun.FieldColumns from = columns;
    if (column >= 0 && slotText[slot] == null && from != null) {
      String text = from.text(entry, column);
      byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
      slotText[slot] = text;
      slotBytes[slot] = bytes;
      slotFrom[slot] = 0;
      slotLength[slot] = bytes.length;
    }
  }

  @SuppressWarnings("ReferenceEquality") // equal sets of a run are mostly the same object
  private void addMetadata() {
    if (metadataAdded) {
      return;
    }
    metadataAdded = true;
    if (run != null) {
      metadata = run.metadata(entry);
      if (metadata.isEmpty()) {
        return;
      }
    }
    if (metadataNamed != metadata) {
      nameMetadata(metadata);
    }
    byte[] bytes = metadata.canonicalBytes();
    for (int i = 0; i < metadataLabels; i++) {
      LabelName name = metadataNames[i];
      if (name.base >= 0) {
        name = extractedName(name);
      }
      if (name.text.equals(ERROR)) {
        error = new String(bytes, metadataFrom[i], metadataLength[i], StandardCharsets.UTF_8);
      } else if (name.text.equals(ERROR_DETAILS)) {
        errorDetails =
            new String(bytes, metadataFrom[i], metadataLength[i], StandardCharsets.UTF_8);
      } else {
        setSlot(Category.METADATA, name, bytes, metadataFrom[i], metadataLength[i]);
      }
    }
  }

  private void nameMetadata(Labels labels) {
    metadataNamed = labels;
    metadataLabels = labels.size();
    if (metadataNames.length < metadataLabels) {
      metadataNames = new LabelName[metadataLabels * 2];
      metadataFrom = new int[metadataLabels * 2];
      metadataLength = new int[metadataLabels * 2];
    }
    byte[] bytes = labels.canonicalBytes();
    int at = 0;
    for (int i = 0; i < metadataLabels; i++) {
      int length = CanonicalLength.read(bytes, at);
      at += CanonicalLength.bytes(length);
      metadataNames[i] = name(new String(bytes, at, length, StandardCharsets.UTF_8));
      at += length;
      length = CanonicalLength.read(bytes, at);
      at += CanonicalLength.bytes(length);
      metadataFrom[i] = at;
      metadataLength[i] = length;
      at += length;
    }
  }

  // ---- label sets

  /** All labels: the same object for equal sets, mostly. */
  public Labels labels() {
    addMetadata();
    if (isUntouched()) {
      return stream;
    }
    return assemble(all, ALL_CATEGORIES);
  }

  /** Labels of the stream, as stages left them. */
  public Labels streamLabels() {
    addMetadata();
    return isUntouched() ? stream : assemble(streamShape, 1 << STREAM);
  }

  /** Structured metadata, as stages left it. */
  public Labels metadataLabels() {
    addMetadata();
    return slots == 0 ? Labels.EMPTY : assemble(metadataShape, 1 << METADATA);
  }

  /** Labels that stages made, and errors. */
  public Labels parsedLabels() {
    addMetadata();
    return slots == 0 && error.isEmpty() && errorDetails.isEmpty()
        ? Labels.EMPTY
        : assemble(parsedShape, 1 << PARSED);
  }

  /**
   * What the grouping leaves of the labels; all of them when the entry has an error, which would be
   * lost otherwise.
   */
  public Labels grouped() {
    if (grouping == null) {
      return labels();
    }
    if (!grouping.without() && groupNames.length == 0) {
      // Metadata that says error is as rare as it sounds.
      return error.isEmpty() ? Labels.EMPTY : labels();
    }
    addMetadata();
    if (!error.isEmpty()) {
      return labels();
    }
    if (slots == 0 && !deletedAny) {
      Labels known = groupedStream;
      if (known == null) {
        known = group(grouping);
        groupedStream = known;
      }
      return known;
    }
    return group(grouping);
  }

  private Labels group(Grouping by) {
    if (by.without()) {
      return assemble(without, ALL_CATEGORIES);
    }
    int at = 0;
    for (LabelName name : groupNames) {
      if (find(name)) {
        at = write(at, name, foundBytes, foundFrom, foundLength);
      }
    }
    return interner.get(scratch, at);
  }

  private boolean isUntouched() {
    return slots == 0 && !deletedAny && error.isEmpty() && errorDetails.isEmpty();
  }

  @SuppressWarnings("ReferenceEquality") // one shape for each kind of set
  private Labels assemble(LabelShape shape, int categories) {
    shape.begin();
    boolean drops = shape == without;
    if ((categories & (1 << STREAM)) != 0) {
      for (int i = 0; i < baseNames.length; i++) {
        LabelName name = baseNames[i];
        if (name.deletedStamp != stamp && name.slotStamp != stamp && !(drops && isGroup(name))) {
          shape.add(name, -1 - i);
        }
      }
    }
    for (int slot = 0; slot < slots; slot++) {
      int category = slotCategory[slot];
      if (category != GONE
          && (categories & (1 << category)) != 0
          && !(drops && isGroup(slotName[slot]))) {
        shape.add(slotName[slot], slot);
      }
    }
    if ((categories & (1 << PARSED)) != 0) {
      if (!error.isEmpty()) {
        shape.add(name(ERROR), Integer.MIN_VALUE);
      }
      if (!errorDetails.isEmpty()) {
        shape.add(name(ERROR_DETAILS), Integer.MIN_VALUE + 1);
      }
    }
    shape.sort();
    int at = 0;
    byte[] base = stream.canonicalBytes();
    for (int i = 0; i < shape.size(); i++) {
      LabelName name = shape.name(i);
      int place = shape.place(i);
      if (place >= 0) {
        readSlot(place);
        at = write(at, name, slotBytes[place], slotFrom[place], slotLength[place]);
      } else if (place < Integer.MIN_VALUE + 2) {
        String text = place == Integer.MIN_VALUE ? error : errorDetails;
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        at = write(at, name, bytes, 0, bytes.length);
      } else {
        at = write(at, name, base, baseFrom[-1 - place], baseLength[-1 - place]);
      }
    }
    return interner.get(scratch, at);
  }

  @SuppressWarnings("ReferenceEquality") // one object for each name
  private boolean isGroup(LabelName name) {
    for (LabelName group : groupNames) {
      if (group == name) {
        return true;
      }
    }
    return false;
  }

  private int write(int start, LabelName name, byte[] bytes, int from, int length) {
    int at = start;
    int needed = at + name.utf8.length + length + 10;
    if (needed > scratch.length) {
      scratch = Arrays.copyOf(scratch, Math.max(needed, scratch.length * 2));
    }
    at = CanonicalLength.write(scratch, at, name.utf8.length);
    System.arraycopy(name.utf8, 0, scratch, at, name.utf8.length);
    at += name.utf8.length;
    at = CanonicalLength.write(scratch, at, length);
    System.arraycopy(bytes, from, scratch, at, length);
    return at + length;
  }

  /** Names and values as templates see them, errors among them. */
  Map<String, String> toMap() {
    Map<String, String> map = new TreeMap<>();
    for (Label label : labels()) {
      map.put(label.name(), label.value());
    }
    return map;
  }

  /** The names of all labels there are, without errors. */
  List<LabelName> presentNames() {
    addMetadata();
    List<LabelName> present = new ArrayList<>();
    for (LabelName name : baseNames) {
      if (name.deletedStamp != stamp && name.slotStamp != stamp) {
        present.add(name);
      }
    }
    for (int slot = 0; slot < slots; slot++) {
      if (slotCategory[slot] != GONE) {
        present.add(slotName[slot]);
      }
    }
    return present;
  }
}
