// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.pattern;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Groups lines in the manner of Drain: lines of as many tokens, whose first words agree, are one
 * group when enough of the rest agrees too; what differs within a group becomes a gap. Groups that
 * end up with the same text are one. Not thread-safe.
 */
public final class PatternMiner {

  /**
   * How lines are grouped.
   *
   * @param words that have to agree from the beginning; those with digits agree with any other
   * @param children different words at one place beyond which all others are one
   * @param similarity share of the words that has to agree
   * @param clusters groups kept; of more, those that had no line for the longest time are dropped
   * @param lineBytes longer lines are not looked at
   */
  public record Settings(int words, int children, double similarity, int clusters, int lineBytes) {
    public static final Settings DEFAULT = new Settings(4, 15, 0.5, 2_000, 3_000);
  }

  /**
   * @param pattern as LogQL's pattern filter takes it
   * @param counts lines by the number of the step
   */
  public record Mined(String pattern, long lines, TreeMap<Integer, Long> counts) {}

  private static final class Node {
    private final Map<String, Node> children = new HashMap<>();
    private final List<Template> templates = new ArrayList<>();
  }

  private final Settings settings;
  private final LineTokenizer tokenizer = new LineTokenizer();
  private final LineTokens line = new LineTokens();
  private final Map<String, Node> roots = new HashMap<>();
  private int clusters;
  private long clock;
  private long skipped;

  public PatternMiner(Settings settings) {
    this.settings = settings;
  }

  /**
   * @param step the line's time belongs to
   * @param weight lines it stands for
   */
  public void add(byte[] bytes, int from, int length, int step, long weight) {
    Template template = group(bytes, from, length);
    if (template == null) {
      skipped += weight;
    } else {
      template.count(step, weight);
    }
  }

  /** Lines that were too long or empty. */
  public long skipped() {
    return skipped;
  }

  /** The group of a line; null when it is not looked at. */
  @Nullable Template group(byte[] bytes, int from, int length) {
    if (length > settings.lineBytes()) {
      return null;
    }
    tokenizer.tokenize(bytes, from, length, line);
    if (line.size() == 0) {
      return null;
    }
    Node node = roots.computeIfAbsent(line.kind + " " + line.size(), _ -> new Node());
    // A message has no time, level and component before it.
    int deep = line.kind == LineTokens.Kind.JSON_MESSAGE ? settings.words() / 2 : settings.words();
    int words = 0;
    for (int i = 0; i < line.size() && words < deep; i++) {
      String token = line.texts.get(i);
      if (!LineTokens.isWord(token)) {
        continue;
      }
      words++;
      if (LineTokens.hasDigit(token) || token.equals(Template.ANY)) {
        token = Template.ANY;
      } else if (!node.children.containsKey(token) && node.children.size() >= settings.children()) {
        token = Template.ANY;
      }
      node = node.children.computeIfAbsent(token, _ -> new Node());
    }
    Template best = best(node);
    if (best == null) {
      best = new Template(line);
      best.lastUse = ++clock;
      node.templates.add(best);
      if (++clusters > settings.clusters()) {
        evict();
      }
    } else {
      best.merge(line);
    }
    best.lastUse = ++clock;
    return best;
  }

  private @Nullable Template best(Node node) {
    Template best = null;
    double bestSimilarity = -1;
    for (Template template : node.templates) {
      double similarity = similarity(template);
      if (similarity >= settings.similarity() && similarity > bestSimilarity) {
        best = template;
        bestSimilarity = similarity;
      }
    }
    return best;
  }

  /** Share of words that agree, of those that could. */
  private double similarity(Template template) {
    int same = 0;
    int all = 0;
    for (int i = 0; i < template.tokens.length; i++) {
      String left = template.tokens[i];
      String right = line.texts.get(i);
      if (left.equals(right)) {
        if (LineTokens.isWord(left)) {
          same++;
          all++;
        }
      } else if (!LineTokens.isWord(left) && !left.equals(Template.ANY)) {
        // Signs hold a line together.
        return 0;
      } else {
        all++;
      }
    }
    return all == 0 ? 1 : (double) same / all;
  }

  private void evict() {
    List<Template> all = new ArrayList<>();
    roots.values().forEach(root -> collect(root, all));
    all.sort(Comparator.comparingLong(template -> template.lastUse));
    long limit = all.get(all.size() / 10).lastUse;
    roots.values().forEach(root -> drop(root, limit));
    roots.values().removeIf(root -> root.children.isEmpty() && root.templates.isEmpty());
  }

  private void drop(Node node, long limit) {
    node.templates.removeIf(template -> {
      boolean old = template.lastUse <= limit;
      if (old) {
        clusters--;
        skipped += template.lines;
      }
      return old;
    });
    node.children.values().forEach(child -> drop(child, limit));
    node.children.values().removeIf(child -> child.children.isEmpty() && child.templates.isEmpty());
  }

  private static void collect(Node node, List<Template> into) {
    into.addAll(node.templates);
    node.children.values().forEach(child -> collect(child, into));
  }

  /** What was found so far, that with the most lines first. */
  public List<Mined> patterns() {
    List<Template> all = new ArrayList<>();
    roots.values().forEach(root -> collect(root, all));
    Map<String, TreeMap<Integer, Long>> byText = new HashMap<>();
    for (Template template : all) {
      template.addCountsTo(byText.computeIfAbsent(template.text(), _ -> new TreeMap<>()));
    }
    List<Mined> mined = new ArrayList<>();
    byText.forEach((text, counts) ->
        mined.add(
            new Mined(text, counts.values().stream().mapToLong(Long::longValue).sum(), counts)));
    mined.sort(Comparator.comparingLong(Mined::lines).reversed().thenComparing(Mined::pattern));
    return mined;
  }
}
