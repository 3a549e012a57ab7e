// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.web.wire.Utf8Check;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Streams by the text of their labels, remembered from request to request. Thread-safe. */
public final class Streams {

  public static final String NO_LABELS = "error at least one label pair is required per stream";

  private static final int REMEMBERED = 8192;

  private final KnownLabels<Stream> known = new KnownLabels<>(REMEMBERED);

  /**
   * What a text of labels means.
   *
   * @param labels with what was found out; empty when there is a problem
   * @param level what they tell of the level, if anything
   * @param problem what Loki says of a text that is no stream
   */
  record Stream(
      Labels labels, @Nullable String level, @Nullable String problem, Discovery discovery) {}

  @SuppressWarnings("ReferenceEquality") // one per configuration
  Stream of(byte[] bytes, int from, int to, Discovery discovery) {
    Stream stream = known.get(bytes, from, to, 0);
    if (stream == null || stream.discovery != discovery) {
      stream = read(bytes, from, to, discovery);
      known.put(bytes, from, to, 0, stream);
    }
    return stream;
  }

  private static Stream read(byte[] bytes, int from, int to, Discovery discovery) {
    String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
    if (!Utf8Check.isValid(bytes, from, to - from)) {
      return bad(text, "invalid UTF-8 label value", discovery);
    }
    try {
      return of(StreamText.parse(text), discovery);
    } catch (StreamText.Invalid e) {
      return bad(text, String.valueOf(e.getMessage()), discovery);
    }
  }

  static Stream bad(String text, String why, Discovery discovery) {
    String shown = text.length() > 500 ? text.substring(0, 500) + "…" : text;
    return new Stream(
        Labels.EMPTY, null, "Error parsing labels '" + shown + "' with error: " + why, discovery);
  }

  /** A stream whose labels are known. */
  static Stream of(Labels labels, Discovery discovery) {
    if (labels.isEmpty()) {
      return new Stream(Labels.EMPTY, null, NO_LABELS, discovery);
    }
    for (Label label : labels) {
      if (!StreamText.isName(label.name())) {
        return bad(
            labels.toString(),
            "1:2: parse error: '" + label.name() + "' is not a name of a label",
            discovery);
      }
    }
    return new Stream(
        discovery.withServiceName(labels),
        discovery.levels() ? discovery.levelOf(labels) : null,
        null,
        discovery);
  }
}
