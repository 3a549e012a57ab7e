// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes values as the column that suits them: one for all, numbers, times, hexadecimal digits, a
 * dictionary, templates with columns of their own, or as they are. Whatever is chosen gives back
 * every byte. Not thread-safe.
 */
public final class ColumnEncoder {

  /** What the values of a column are, which decides how they may be taken apart. */
  private enum Level {
    LINES,
    FIELDS,
    WORDS
  }

  /** Texts that share a template with fewer others than this are left whole. */
  private static final int FEWEST_OF_TEMPLATE = 3;

  private final GramSink grams;
  private final ByteWriter scratch = new ByteWriter(1 << 16);
  private final Dictionary dictionary = new Dictionary();
  private final Slots slots = new Slots();
  private final JsonScanner json = new JsonScanner(slots);
  private final LogfmtScanner logfmt = new LogfmtScanner(slots);
  private final Templates[] templates = {new Templates(), new Templates()};
  private final Values[] parts = {new Values(new byte[0], 1024), new Values(new byte[0], 1024)};
  private final Values[] rests = {new Values(new byte[0], 64), new Values(new byte[0], 64)};
  private long[] numbers = new long[1024];
  private long[] others = new long[1024];
  private long[] times = new long[0];
  private boolean prefersDictionary;
  private List<@Nullable String> metadataNames = List.of();

  /**
   * @param grams is told of everything in which text may be searched for
   */
  public ColumnEncoder(GramSink grams) {
    this.grams = grams;
  }

  /**
   * Appends the column's beginning to the directory, and what is long to the pages.
   *
   * @param rowTimes of the block's rows
   */
  public void encodeLines(Values lines, long[] rowTimes, ByteWriter directory, PageSink pages)
      throws IOException {
    times = rowTimes;
    encode(lines, Level.LINES, directory, pages);
  }

  /** The same for sets of metadata, as canonical bytes. */
  public void encodeMetadata(Values sets, long[] rowTimes, ByteWriter directory, PageSink pages)
      throws IOException {
    times = rowTimes;
    Templates table = templates[0];
    table.clear();
    Values rest = rest(0, sets.text);
    for (int i = 0; i < sets.count; i++) {
      slots.clear();
      boolean fits =
          metadataSlots(sets.text, sets.from[i], sets.to[i])
              && table.add(
                  i,
                  sets.text,
                  sets.from[i],
                  sets.to[i],
                  ColumnFormat.SYNTAX_METADATA,
                  slots,
                  () -> metadataNames);
      if (!fits) {
        rest.add(sets.from[i], sets.to[i], i);
      }
    }
    writeTemplates(sets, table, 1, rest, Level.FIELDS, directory, pages);
  }

  /** A slot is a value and its length; the template is the names. */
  private boolean metadataSlots(byte[] text, int from, int to) {
    ByteReader in = new ByteReader(text, from, to);
    List<@Nullable String> names = new ArrayList<>();
    while (in.remaining() > 0) {
      int nameLength = in.count(in.remaining(), "bytes");
      names.add(new String(text, in.position(), nameLength, StandardCharsets.UTF_8));
      in.skip(nameLength);
      int lengthAt = in.position();
      int valueLength = in.count(in.remaining(), "bytes");
      // The slot takes the length with it; the reader knows both.
      if (!slots.add(lengthAt, in.position() + valueLength)) {
        return false;
      }
      in.skip(valueLength);
    }
    metadataNames = names;
    return true;
  }

  private void encode(Values values, Level level, ByteWriter directory, PageSink pages)
      throws IOException {
    if (isConstant(values)) {
      directory.int8(ColumnFormat.CONSTANT);
      directory.sized(values.text, values.from[0], values.to[0] - values.from[0]);
      grams.text(values.text, values.from[0], values.to[0]);
      return;
    }
    prefersDictionary = false;
    if (level != Level.LINES && writeTyped(values, directory, pages)) {
      return;
    }
    if (dictionary.build(values)) {
      writeDictionary(values, directory, pages);
    } else if (level == Level.WORDS || !writeTemplates(values, level, directory, pages)) {
      writePlain(values, directory, pages);
    }
  }

  private static boolean isConstant(Values values) {
    byte[] text = values.text;
    int from = values.from[0];
    int to = values.to[0];
    for (int i = 1; i < values.count; i++) {
      if (!Arrays.equals(text, from, to, text, values.from[i], values.to[i])) {
        return false;
      }
    }
    return true;
  }

  // ---- typed

  private boolean writeTyped(Values values, ByteWriter directory, PageSink pages)
      throws IOException {
    byte[] text = values.text;
    int from = values.from[0];
    int to = values.to[0];
    if (from == to) {
      return false;
    }
    byte first = text[from];
    int length = to - from;
    if ((first >= '0' && first <= '9') || first == '-') {
      if (length >= 19 && Timestamp.layout(text, from, to) >= 0) {
        return writeTimestamps(values, directory, pages);
      }
      if (writeIntegers(values, directory, pages)) {
        return true;
      }
      if (prefersDictionary) {
        return false;
      }
      if (writeDecimals(values, directory, pages) || writeAddresses(values, directory, pages)) {
        return true;
      }
    }
    return length >= 8 && writeHex(values, directory, pages);
  }

  private boolean writeIntegers(Values values, ByteWriter directory, PageSink pages)
      throws IOException {
    long[] parsed = numbers(values.count);
    int padded = values.to[0] - values.from[0];
    boolean canonical = true;
    for (int i = 0; i < values.count; i++) {
      int from = values.from[i];
      int to = values.to[i];
      long value = canonical ? NumberText.parse(values.text, from, to) : NumberText.NONE;
      if (value == NumberText.NONE) {
        canonical = false;
        value = to - from == padded ? NumberText.parseDigits(values.text, from, to) : value;
        if (value == NumberText.NONE) {
          return false;
        }
      }
      if (to - from != padded) {
        padded = 0;
      }
      parsed[i] = value;
    }
    if (!canonical && padded == 0) {
      return false;
    }
    if (dictionaryIsSmaller(values, parsed)) {
      prefersDictionary = true;
      return false;
    }
    directory.int8(ColumnFormat.INTEGER);
    directory.int8(canonical ? 0 : padded);
    tellOfNumbers(values, parsed);
    PackedInts.write(parsed, values.count, PartWriter.Codec.COMPRESSED, directory, scratch, pages);
    return true;
  }

  private void tellOfNumbers(Values values, long[] parsed) {
    long greatest = 0;
    for (int i = 0; i < values.count; i++) {
      greatest = Math.max(greatest, Math.abs(parsed[i]));
    }
    // Shorter digits than this are not told of anyway.
    if (greatest >= GramSink.LEAST_LONG_NUMBER) {
      tellOfAll(values);
    }
  }

  private void tellOfAll(Values values) {
    for (int i = 0; i < values.count; i++) {
      grams.text(values.text, values.from[i], values.to[i]);
    }
  }

  /** Few distinct numbers far apart: fewer bits name them than hold them. */
  private boolean dictionaryIsSmaller(Values values, long[] parsed) {
    long least = parsed[0];
    long greatest = parsed[0];
    for (int i = 1; i < values.count; i++) {
      least = Math.min(least, parsed[i]);
      greatest = Math.max(greatest, parsed[i]);
    }
    int width = PackedInts.width(least, greatest);
    if (width <= 3 || values.count < 32) {
      return false;
    }
    // A look at the first values tells whether they repeat each other.
    int looked = Math.min(values.count, 128);
    int distinct = 0;
    for (int i = 0; i < looked && distinct <= 32; i++) {
      boolean before = false;
      for (int j = 0; j < i && !before; j++) {
        before = parsed[j] == parsed[i];
      }
      distinct += before ? 0 : 1;
    }
    if (distinct > 32 || !dictionary.build(values)) {
      return false;
    }
    int size = dictionary.size();
    int codeWidth = PackedInts.width(0, size - 1);
    return (long) codeWidth * values.count + 8L * 8 * size < (long) width * values.count;
  }

  private boolean writeDecimals(Values values, ByteWriter directory, PageSink pages)
      throws IOException {
    long[] parsed = numbers(values.count);
    if (others.length < values.count) {
      others = new long[numbers.length];
    }
    for (int i = 0; i < values.count; i++) {
      long value = NumberText.parseDecimal(values.text, values.from[i], values.to[i]);
      if (value == NumberText.NONE) {
        return false;
      }
      parsed[i] = value;
      others[i] = NumberText.scale(values.text, values.from[i], values.to[i]);
    }
    directory.int8(ColumnFormat.DECIMAL);
    tellOfNumbers(values, parsed);
    PackedInts.write(parsed, values.count, PartWriter.Codec.COMPRESSED, directory, scratch, pages);
    PackedInts.write(others, values.count, PartWriter.Codec.COMPRESSED, directory, scratch, pages);
    return true;
  }

  private boolean writeAddresses(Values values, ByteWriter directory, PageSink pages)
      throws IOException {
    long[] parsed = numbers(values.count);
    for (int i = 0; i < values.count; i++) {
      long address = Ipv4Column.parse(values.text, values.from[i], values.to[i]);
      if (address < 0) {
        return false;
      }
      parsed[i] = address;
    }
    directory.int8(ColumnFormat.IPV4);
    PackedInts.write(parsed, values.count, PartWriter.Codec.COMPRESSED, directory, scratch, pages);
    return true;
  }

  private boolean writeTimestamps(Values values, ByteWriter directory, PageSink pages)
      throws IOException {
    byte[] text = values.text;
    int layout = Timestamp.layout(text, values.from[0], values.to[0]);
    long[] parsed = numbers(values.count);
    if (others.length < values.count) {
      others = new long[numbers.length];
    }
    long unit = Timestamp.unitNs(layout);
    long least = Long.MAX_VALUE;
    long greatest = Long.MIN_VALUE;
    long leastGap = Long.MAX_VALUE;
    long greatestGap = Long.MIN_VALUE;
    for (int i = 0; i < values.count; i++) {
      if (Timestamp.layout(text, values.from[i], values.to[i]) != layout) {
        return false;
      }
      long value = Timestamp.parse(text, values.from[i], layout);
      if (value == Long.MIN_VALUE) {
        return false;
      }
      parsed[i] = value;
      others[i] = Math.floorDiv(times[values.rows[i]], unit) - value;
      least = Math.min(least, value);
      greatest = Math.max(greatest, value);
      leastGap = Math.min(leastGap, others[i]);
      greatestGap = Math.max(greatestGap, others[i]);
    }
    boolean relative = PackedInts.width(leastGap, greatestGap) < PackedInts.width(least, greatest);
    directory.int8(ColumnFormat.TIMESTAMP);
    directory.int8(layout);
    directory.int8(relative ? 1 : 0);
    if (Timestamp.decimals(layout) > 4) {
      tellOfAll(values);
    }
    PackedInts.write(
        relative ? others : parsed,
        values.count,
        PartWriter.Codec.COMPRESSED,
        directory,
        scratch,
        pages);
    return true;
  }

  private boolean writeHex(Values values, ByteWriter directory, PageSink pages) throws IOException {
    byte[] text = values.text;
    int length = values.to[0] - values.from[0];
    boolean uuid = length == 36 && TextScanner.isUuid(text, values.from[0], values.to[0]);
    if ((length & 1) != 0 || length > HexColumn.MOST_DIGITS && !uuid) {
      return false;
    }
    int kinds = 0;
    int digits = uuid ? 32 : length;
    scratch.clear();
    scratch.ensure(values.count * digits / 2 + 8);
    byte[] packed = scratch.bytes;
    int at = 0;
    for (int i = 0; i < values.count; i++) {
      int from = values.from[i];
      if (values.to[i] - from != length) {
        return false;
      }
      int seen = 0;
      for (int j = from; j < from + length; j += 2) {
        if (uuid && HexColumn.isDash(j - from)) {
          if (text[j] != '-') {
            return false;
          }
          j++;
        }
        int high = HexColumn.NIBBLES[text[j] & 0xff];
        int low = HexColumn.NIBBLES[text[j + 1] & 0xff];
        seen |= high | low;
        packed[at++] = (byte) ((high & 15) << 4 | low & 15);
      }
      kinds |= seen;
      if (seen >= HexColumn.NONE || (kinds & HexColumn.BOTH) == HexColumn.BOTH) {
        return false;
      }
    }
    if (at != values.count * digits / 2) {
      return false;
    }
    if (digits <= 16 && dictionary.build(values) && dictionary.size() < values.count / 4) {
      return false;
    }
    directory.int8(ColumnFormat.HEX);
    directory.int8(
        ((kinds & HexColumn.HAS_UPPER) != 0 ? HexColumn.UPPER : 0) | (uuid ? HexColumn.UUID : 0));
    directory.varint(digits / 2);
    Blob.write(packed, at, PartWriter.Codec.COMPRESSED, directory, pages);
    if (uuid) {
      tellOfAll(values);
    } else {
      for (int i = 0; i < values.count; i++) {
        grams.run(text, values.from[i], values.to[i]);
      }
    }
    return true;
  }

  // ---- dictionary, plain

  private void writeDictionary(Values values, ByteWriter directory, PageSink pages)
      throws IOException {
    directory.int8(ColumnFormat.DICTIONARY);
    int distinct = dictionary.size();
    directory.varint(distinct);
    for (int i = 0; i < distinct; i++) {
      int first = dictionary.first(i);
      directory.varint(values.to[first] - values.from[first]);
    }
    for (int i = 0; i < distinct; i++) {
      int first = dictionary.first(i);
      directory.put(values.text, values.from[first], values.to[first] - values.from[first]);
      grams.text(values.text, values.from[first], values.to[first]);
    }
    long[] codes = numbers(values.count);
    for (int i = 0; i < values.count; i++) {
      codes[i] = dictionary.code(i);
    }
    PackedInts.write(codes, values.count, PartWriter.Codec.COMPRESSED, directory, scratch, pages);
  }

  private void writePlain(Values values, ByteWriter directory, PageSink pages) throws IOException {
    directory.int8(ColumnFormat.PLAIN);
    int classes = 0;
    for (int i = 0; i < values.count; i++) {
      classes |= Needle.classes(values.text, values.from[i], values.to[i]);
    }
    directory.int8(classes);
    long[] lengths = numbers(values.count);
    for (int i = 0; i < values.count; i++) {
      lengths[i] = values.to[i] - values.from[i];
    }
    PackedInts.write(lengths, values.count, PartWriter.Codec.COMPRESSED, directory, scratch, pages);
    scratch.clear();
    for (int i = 0; i < values.count; i++) {
      scratch.put(values.text, values.from[i], values.to[i] - values.from[i]);
    }
    tellOfAll(values);
    Blob.write(scratch.bytes, scratch.size, PartWriter.Codec.COMPRESSED, directory, pages);
  }

  private long[] numbers(int count) {
    if (numbers.length < count) {
      numbers = new long[Math.max(count, numbers.length * 2)];
    }
    return numbers;
  }

  // ---- templates

  private Values rest(int depth, byte[] text) {
    Values rest = rests[depth];
    rest.clear();
    rest.text = text;
    return rest;
  }

  /** Whether the values have enough in common; nothing was written when not. */
  private boolean writeTemplates(Values values, Level level, ByteWriter directory, PageSink pages)
      throws IOException {
    int depth = level == Level.LINES ? 0 : 1;
    Templates table = templates[depth];
    table.clear();
    Values rest = rest(depth, values.text);
    byte[] text = values.text;
    for (int i = 0; i < values.count; i++) {
      int from = values.from[i];
      int to = values.to[i];
      if (level == Level.LINES
          && from < to
          && text[from] == '{'
          && table.addAlike(i, text, from, to, slots)) {
        continue;
      }
      int syntax = scan(text, from, to, level);
      if (!table.add(i, text, from, to, syntax, slots, () -> names(text, from, to, syntax))) {
        rest.add(from, to, i);
      }
    }
    int taken = 0;
    for (Templates.Template one : table.all) {
      if (one.count >= fewest(values)) {
        taken += one.count;
      }
    }
    if (taken < values.count / 4 || taken == 0) {
      return false;
    }
    writeTemplates(
        values,
        table,
        fewest(values),
        rest,
        level == Level.LINES ? Level.FIELDS : Level.WORDS,
        directory,
        pages);
    return true;
  }

  private static int fewest(Values values) {
    return values.count < 8 ? 1 : FEWEST_OF_TEMPLATE;
  }

  private int scan(byte[] text, int from, int to, Level level) {
    slots.clear();
    if (level == Level.LINES) {
      if (from < to && text[from] == '{') {
        if (json.scan(text, from, to)) {
          return ColumnFormat.SYNTAX_JSON;
        }
        slots.clear();
      } else if (logfmt.scan(text, from, to)) {
        return ColumnFormat.SYNTAX_LOGFMT;
      }
      slots.clear();
    }
    TextScanner.scan(text, from, to, level == Level.LINES, slots);
    return ColumnFormat.SYNTAX_NONE;
  }

  /** Scans once more; slots are the same again. */
  private @Nullable List<@Nullable String> names(byte[] text, int from, int to, int syntax) {
    if (syntax == ColumnFormat.SYNTAX_NONE) {
      return null;
    }
    slots.clear();
    slots.nameThem();
    if (syntax == ColumnFormat.SYNTAX_JSON) {
      json.scan(text, from, to);
    } else {
      logfmt.scan(text, from, to);
    }
    return slots.names;
  }

  private void writeTemplates(
      Values values,
      Templates table,
      int fewest,
      Values rest,
      Level level,
      ByteWriter directory,
      PageSink pages)
      throws IOException {
    List<Templates.Template> kept = new ArrayList<>();
    long[] codes = new long[values.count];
    Arrays.fill(codes, -1);
    for (Templates.Template one : table.all) {
      if (one.count >= fewest) {
        for (int i = 0; i < one.count; i++) {
          codes[one.texts[i]] = kept.size();
        }
        kept.add(one);
      }
    }
    directory.int8(ColumnFormat.TEMPLATE);
    directory.varint(kept.size());
    for (Templates.Template one : kept) {
      writeTemplate(one, directory);
    }
    rest.clear();
    for (int i = 0; i < values.count; i++) {
      if (codes[i] < 0) {
        codes[i] = kept.size();
        rest.add(values.from[i], values.to[i], values.rows[i]);
      }
    }
    directory.varint(rest.count);
    PackedInts.write(codes, values.count, PartWriter.Codec.COMPRESSED, directory, scratch, pages);
    int depth = rest == rests[0] ? 0 : 1;
    Values part = parts[depth];
    part.text = values.text;
    for (Templates.Template one : kept) {
      for (int slot = 0; slot < one.slots; slot++) {
        part.clear();
        int skipped = one.syntax == ColumnFormat.SYNTAX_METADATA ? 1 : 0;
        for (int i = 0; i < one.count; i++) {
          int place = (i * one.slots + slot) * 2;
          int start = one.places[place];
          if (skipped > 0) {
            start = behindLength(values.text, start);
          }
          part.add(start, one.places[place + 1], values.rows[one.texts[i]]);
        }
        encode(part, level, directory, pages);
      }
    }
    if (rest.count > 0) {
      encodeRest(rest, directory, pages);
    }
  }

  private static int behindLength(byte[] text, int from) {
    int at = from;
    while (text[at] < 0) {
      at++;
    }
    return at + 1;
  }

  private void encodeRest(Values rest, ByteWriter directory, PageSink pages) throws IOException {
    if (isConstant(rest)) {
      encode(rest, Level.WORDS, directory, pages);
    } else {
      writePlain(rest, directory, pages);
    }
  }

  private void writeTemplate(Templates.Template one, ByteWriter directory) {
    directory.int8(one.syntax);
    directory.varint(one.count);
    directory.varint(one.slots);
    boolean metadata = one.syntax == ColumnFormat.SYNTAX_METADATA;
    for (int i = 0; i <= one.slots && !metadata; i++) {
      int from = i == 0 ? 0 : one.ends[i - 1];
      directory.varint(one.ends[i] - from);
    }
    if (!metadata) {
      directory.put(one.bytes, 0, one.bytes.length);
    }
    if (one.names != null) {
      for (String name : one.names) {
        if (name == null) {
          directory.varint(0);
        } else {
          byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
          directory.varint(bytes.length + 1);
          directory.put(bytes, 0, bytes.length);
        }
      }
    }
    for (int i = 0; i <= one.slots && !metadata; i++) {
      grams.text(one.bytes, i == 0 ? 0 : one.ends[i - 1], one.ends[i]);
    }
  }
}
