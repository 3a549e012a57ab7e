// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import java.util.List;

/**
 * The section {@code otlp} of prometheus.yml.
 *
 * @param promoteResourceAttributes attributes of the resource that become labels of its series
 * @param promoteAllResourceAttributes all become labels, but those to ignore
 * @param keepIdentifyingResourceAttributes whether target_info has service.name and so on, too
 * @param convertHistogramsToNhcb explicit buckets as native histograms instead of classic series
 * @param promoteScopeMetadata whether series get otel_scope_* labels
 * @param labelNameUnderscoreSanitization whether label names with one underscore in front get
 *     {@code key} before it
 * @param labelNamePreserveMultipleUnderscores false makes one underscore of several in label names
 */
public record OtlpSettings(
    TranslationStrategy translationStrategy,
    List<String> promoteResourceAttributes,
    boolean promoteAllResourceAttributes,
    List<String> ignoreResourceAttributes,
    boolean keepIdentifyingResourceAttributes,
    boolean convertHistogramsToNhcb,
    boolean promoteScopeMetadata,
    boolean labelNameUnderscoreSanitization,
    boolean labelNamePreserveMultipleUnderscores) {

  public static final OtlpSettings DEFAULT =
      new OtlpSettings(
          TranslationStrategy.UNDERSCORE_ESCAPING_WITH_SUFFIXES,
          List.of(),
          false,
          List.of(),
          false,
          false,
          false,
          true,
          true);

  public OtlpSettings {
    promoteResourceAttributes = List.copyOf(promoteResourceAttributes);
    ignoreResourceAttributes = List.copyOf(ignoreResourceAttributes);
  }
}
