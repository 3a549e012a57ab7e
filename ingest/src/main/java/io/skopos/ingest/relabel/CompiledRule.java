// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.relabel;

import com.google.re2j.Matcher;
import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import io.skopos.model.Label;
import io.skopos.model.LabelsBuilder;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A rule with its pattern. Thread-safe. */
final class CompiledRule {

  private final RelabelRule rule;
  private final Pattern pattern;

  CompiledRule(RelabelRule rule) {
    this.rule = rule;
    this.pattern = pattern(rule.regex());
  }

  static Pattern pattern(String regex) {
    try {
      // As Prometheus wraps it: the newline flag is the pattern's own business.
      return Pattern.compile("^(?:" + regex + ")$");
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "the regex '" + regex + "' is not RE2: " + e.getDescription(), e);
    }
  }

  RelabelRule rule() {
    return rule;
  }

  /** False drops the target or series. */
  boolean apply(LabelsBuilder labels) {
    switch (rule.action()) {
      case KEEP -> {
        return pattern.matcher(source(labels)).matches();
      }
      case DROP -> {
        return !pattern.matcher(source(labels)).matches();
      }
      case KEEPEQUAL -> {
        return valueOf(labels, rule.targetLabel()).equals(source(labels));
      }
      case DROPEQUAL -> {
        return !valueOf(labels, rule.targetLabel()).equals(source(labels));
      }
      case REPLACE -> replace(labels);
      case LOWERCASE -> labels.set(rule.targetLabel(), source(labels).toLowerCase(Locale.ROOT));
      case UPPERCASE -> labels.set(rule.targetLabel(), source(labels).toUpperCase(Locale.ROOT));
      case HASHMOD -> labels.set(rule.targetLabel(), hashModulo(source(labels)));
      case LABELMAP -> mapNames(labels);
      case LABELDROP -> removeNames(labels, true);
      case LABELKEEP -> removeNames(labels, false);
    }
    return true;
  }

  private void replace(LabelsBuilder labels) {
    String source = source(labels);
    Matcher matcher = pattern.matcher(source);
    if (!matcher.matches()) {
      return;
    }
    String target = GroupTemplate.expand(rule.targetLabel(), matcher, pattern);
    if (!target.isEmpty()) {
      labels.set(target, GroupTemplate.expand(rule.replacement(), matcher, pattern));
    }
  }

  private void mapNames(LabelsBuilder labels) {
    for (Label label : labels.build()) {
      Matcher matcher = pattern.matcher(label.name());
      if (matcher.matches()) {
        String target = GroupTemplate.expand(rule.replacement(), matcher, pattern);
        if (!target.isEmpty()) {
          labels.set(target, label.value());
        }
      }
    }
  }

  private void removeNames(LabelsBuilder labels, boolean matching) {
    for (Label label : labels.build()) {
      if (pattern.matcher(label.name()).matches() == matching) {
        labels.remove(label.name());
      }
    }
  }

  private String source(LabelsBuilder labels) {
    if (rule.sourceLabels().size() == 1) {
      return valueOf(labels, rule.sourceLabels().getFirst());
    }
    StringBuilder joined = new StringBuilder();
    for (int i = 0; i < rule.sourceLabels().size(); i++) {
      joined.append(i == 0 ? "" : rule.separator());
      joined.append(valueOf(labels, rule.sourceLabels().get(i)));
    }
    return joined.toString();
  }

  private static String valueOf(LabelsBuilder labels, String name) {
    @Nullable String value = labels.get(name);
    return value == null ? "" : value;
  }

  /** The last eight bytes of the MD5, big-endian and unsigned, so that shards agree with peers. */
  private String hashModulo(String source) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(source.getBytes(StandardCharsets.UTF_8));
      long hash = ByteBuffer.wrap(digest).getLong(8);
      return Long.toUnsignedString(Long.remainderUnsigned(hash, rule.modulus()));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has MD5", e);
    }
  }
}
