// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.exposition;

import io.skopos.model.Fingerprint;
import io.skopos.model.Labels;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a target's lines mean, by their raw bytes, so that a repeated line is neither parsed nor
 * mapped again. One per target (or import), used by one thread at a time.
 *
 * <p>Bound: at {@code maxTexts} texts it forgets everything and starts anew, which costs time,
 * never samples. A scrape bounds it by its body's size instead and calls {@link #retainUsed} after
 * each success.
 */
public final class SeriesCache {

  // Keyed, so that no target can choose texts that all fall into one bucket.
  private static final Fingerprint HASH = Fingerprint.random();

  private final LabelMapping mapping;
  private final int maxTexts;
  private final Map<Labels, StoredSeries> stored = new HashMap<>();
  private final Map<Labels, SeriesGroup> groups = new HashMap<>();
  private @Nullable KnownText[] buckets = new @Nullable KnownText[64];
  private int texts;
  private int textsUsed;
  private long parse;
  private long families;
  private @Nullable KnownText previous;

  public SeriesCache(LabelMapping mapping, int maxTexts) {
    this.mapping = mapping;
    this.maxTexts = maxTexts;
  }

  /**
   * All series known, dropped ones left out. Removing one here makes its next line count as new.
   */
  public Collection<StoredSeries> stored() {
    return stored.values();
  }

  /** How many distinct texts it holds. */
  public int size() {
    return texts;
  }

  /** Forgets the texts that the last parse did not meet, and the series that have none left. */
  public void retainUsed() {
    if (textsUsed == texts) {
      return;
    }
    for (int i = 0; i < buckets.length; i++) {
      KnownText kept = null;
      for (KnownText text = buckets[i]; text != null; ) {
        KnownText next = text.nextInBucket;
        if (text.lastUse == parse) {
          text.nextInBucket = kept;
          kept = text;
          if (text.following != null && text.following.lastUse != parse) {
            text.following = null;
          }
        }
        text = next;
      }
      buckets[i] = kept;
    }
    texts = textsUsed;
    previous = null;
    // Those in use are found again by what refers to them; new texts of theirs make new ones.
    groups.clear();
    stored.values().removeIf(series -> series.lastUse != parse);
  }

  public void clear() {
    groups.clear();
    stored.clear();
    buckets = new @Nullable KnownText[64];
    texts = 0;
    textsUsed = 0;
    previous = null;
  }

  void beginParse() {
    parse++;
    textsUsed = 0;
    previous = null;
  }

  /**
   * The text that came after the last one in the previous parse, if these bytes begin with it and
   * end it: a closing brace ends a series by itself, anything else must be followed by a blank or
   * the line's end and no brace.
   */
  @Nullable KnownText expected(byte[] body, int from, int end) {
    KnownText last = previous;
    KnownText guess = last == null ? null : last.following;
    if (guess == null) {
      return null;
    }
    byte[] text = guess.text;
    int after = from + text.length;
    if (after >= end || !Arrays.equals(body, from, after, text, 0, text.length)) {
      return null;
    }
    if (!endsAt(guess, body, after, end)) {
      return null;
    }
    use(guess);
    return guess;
  }

  private static boolean endsAt(KnownText guess, byte[] body, int after, int end) {
    if (guess.kind == KnownText.METADATA) {
      return body[after] == '\n';
    }
    if (guess.text[guess.text.length - 1] == '}') {
      return true;
    }
    int next = after;
    while (next < end && (body[next] == ' ' || body[next] == '\t')) {
      next++;
    }
    return next > after && next < end && body[next] != '{';
  }

  /** The text that is exactly these bytes; the one that came next last time is tried first. */
  @Nullable KnownText exact(byte[] bytes, int from, int to) {
    KnownText last = previous;
    KnownText guess = last == null ? null : last.following;
    if (guess != null && Arrays.equals(guess.text, 0, guess.text.length, bytes, from, to)) {
      use(guess);
      return guess;
    }
    return find(bytes, from, to);
  }

  @Nullable KnownText find(byte[] body, int from, int to) {
    int hash = hash(body, from, to);
    KnownText text = buckets[hash & (buckets.length - 1)];
    while (text != null) {
      if (text.hash == hash && Arrays.equals(text.text, 0, text.text.length, body, from, to)) {
        use(text);
        return text;
      }
      text = text.nextInBucket;
    }
    return null;
  }

  KnownText addSeries(byte[] body, int from, int to, Labels exposed, List<String> emptyNames) {
    Labels labels = mapping.map(exposed, emptyNames);
    makeRoom();
    if (labels == null) {
      return add(body, from, to, KnownText.DROPPED, null);
    }
    StoredSeries series = stored.get(labels);
    if (series == null) {
      series = new StoredSeries(labels);
      stored.put(labels, series);
    }
    return add(body, from, to, KnownText.SERIES, series);
  }

  KnownText addMetadata(byte[] body, int from, int to) {
    makeRoom();
    return add(body, from, to, KnownText.METADATA, null);
  }

  /** A number that no family read with this cache had before. */
  long nextFamily() {
    return ++families;
  }

  /** The group of these labels, the same from scrape to scrape. */
  SeriesGroup group(Labels labels) {
    return groups.computeIfAbsent(labels, SeriesGroup::new);
  }

  /** The series of a histogram that no line exposes as such; null when the mapping drops it. */
  @Nullable StoredSeries converted(Labels labels) {
    byte[] canonical = labels.canonicalBytes();
    byte[] key = new byte[canonical.length + 2];
    // No line begins like this, and no key of protobuf.
    key[0] = (byte) 0xff;
    key[1] = (byte) 0xff;
    System.arraycopy(canonical, 0, key, 2, canonical.length);
    KnownText known = exact(key, 0, key.length);
    if (known == null) {
      known = addSeries(key, 0, key.length, labels, List.of());
    }
    return known.series;
  }

  private KnownText add(byte[] body, int from, int to, byte kind, @Nullable StoredSeries series) {
    byte[] copy = Arrays.copyOfRange(body, from, to);
    KnownText text = new KnownText(copy, hash(body, from, to), kind, series);
    int bucket = text.hash & (buckets.length - 1);
    text.nextInBucket = buckets[bucket];
    buckets[bucket] = text;
    texts++;
    use(text);
    return text;
  }

  private void use(KnownText text) {
    KnownText last = previous;
    if (last != null && last.following != text) {
      last.following = text;
    }
    previous = text;
    if (text.lastUse != parse) {
      text.lastUse = parse;
      textsUsed++;
      if (text.series != null) {
        text.series.lastUse = parse;
      }
    }
  }

  private void makeRoom() {
    if (texts >= maxTexts) {
      clear();
    }
    if (texts < buckets.length) {
      return;
    }
    @Nullable KnownText[] old = buckets;
    buckets = new @Nullable KnownText[old.length * 2];
    for (KnownText head : old) {
      for (KnownText text = head; text != null; ) {
        KnownText next = text.nextInBucket;
        int bucket = text.hash & (buckets.length - 1);
        text.nextInBucket = buckets[bucket];
        buckets[bucket] = text;
        text = next;
      }
    }
  }

  private static int hash(byte[] body, int from, int to) {
    return (int) HASH.hash64(body, from, to - from);
  }
}
