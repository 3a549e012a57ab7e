// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.stage;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import io.skopos.model.config.ByteSize;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/** Stages that leave entries out: {@code drop} and {@code sampling}. */
final class DropStages {

  private DropStages() {}

  static Stage.Factory drop(YamlMapping yaml, InstantSource clock) throws ConfigException {
    List<String> sources = sources(yaml.get("source"));
    String separator = yaml.text("separator", ";");
    @Nullable StageRegex expression =
        yaml.has("expression") ? ExtractionStages.regex(yaml, "expression") : null;
    @Nullable String value = yaml.has("value") ? yaml.text("value", "") : null;
    Duration olderThan = yaml.duration("older_than", Duration.ZERO);
    long longerThan = yaml.read("longer_than", text -> ByteSize.parse(text).bytes(), 0L);
    String reason = yaml.text("drop_counter_reason", "drop_stage");
    if (value != null && (sources.isEmpty() || expression != null)) {
      throw yaml.error("value needs a source, and excludes expression");
    }
    if (sources.isEmpty() && expression == null && olderThan.isZero() && longerThan == 0) {
      throw yaml.error(
          "the drop stage needs one of source, expression, value, older_than, longer_than");
    }
    return () -> {
      StageRegex.Finder finder = expression == null ? null : expression.finder();
      return (entry, next) -> {
        boolean tooLong =
            longerThan == 0
                || entry.line.length() > longerThan
                || entry.line.length() * 3L > longerThan
                    && entry.line.getBytes(StandardCharsets.UTF_8).length > longerThan;
        boolean tooOld =
            olderThan.isZero()
                || entry.timeNs < (clock.millis() - olderThan.toMillis()) * 1_000_000L;
        if (tooLong && tooOld && fits(entry, sources, separator, finder, value)) {
          next.dropped(reason);
        } else {
          next.accept(entry);
        }
      };
    };
  }

  private static boolean fits(
      Entry entry,
      List<String> sources,
      String separator,
      StageRegex.@Nullable Finder expression,
      @Nullable String value) {
    String text = entry.line;
    if (!sources.isEmpty()) {
      StringBuilder joined = new StringBuilder();
      boolean there = false;
      for (int i = 0; i < sources.size(); i++) {
        String one = entry.text(sources.get(i));
        there |= one != null;
        joined.append(i == 0 ? "" : separator).append(one == null ? "" : one);
      }
      if (!there) {
        return false;
      }
      text = joined.toString();
    }
    if (value != null) {
      return text.equals(value);
    }
    return expression == null || expression.find(text);
  }

  private static List<String> sources(@Nullable YamlValue value) throws ConfigException {
    if (value == null) {
      return List.of();
    }
    return value.isList() ? value.texts() : new ArrayList<>(List.of(value.text()));
  }

  static Stage.Factory sampling(YamlMapping yaml) throws ConfigException {
    double rate = yaml.read("rate", Double::parseDouble, -1.0);
    if (!(rate >= 0 && rate <= 1)) {
      throw yaml.error("rate must be from 0 to 1");
    }
    String reason = yaml.text("drop_counter_reason", "sampling_stage");
    return Stage.Factory.of((entry, next) -> {
      if (ThreadLocalRandom.current().nextDouble() < rate) {
        next.accept(entry);
      } else {
        next.dropped(reason);
      }
    });
  }
}
