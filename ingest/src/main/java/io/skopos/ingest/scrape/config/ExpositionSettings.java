// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape.config;

import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.ingest.yaml.YamlValue;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * In which form targets are asked for their metrics, and how what comes is read.
 *
 * @param protocols what is asked for, best first; empty for the default
 * @param fallback how an answer is read whose Content-Type says nothing we know; null: not at all
 * @param nativeHistograms native histograms are taken
 * @param classicHistograms the classic buckets of a native histogram are taken, too
 * @param convertClassic classic histograms become native ones with custom buckets
 * @param legacyNames metric and label names outside the old character set fail a scrape
 * @param escaping how targets shall write names outside the old character set
 * @param extraMetrics three more series about each scrape
 */
public record ExpositionSettings(
    List<ScrapeProtocol> protocols,
    @Nullable ScrapeProtocol fallback,
    boolean nativeHistograms,
    boolean classicHistograms,
    boolean convertClassic,
    boolean legacyNames,
    String escaping,
    boolean extraMetrics) {

  public static final ExpositionSettings DEFAULT =
      new ExpositionSettings(List.of(), null, false, false, false, false, "", false);

  private static final Set<String> ESCAPINGS =
      Set.of("allow-utf-8", "underscores", "dots", "values");

  public ExpositionSettings {
    protocols = List.copyOf(protocols);
  }

  /** Reads the keys of a scrape config, or of {@code global}. */
  static ExpositionSettings parse(YamlMapping yaml, ExpositionSettings absent)
      throws ConfigException {
    boolean classic = yaml.flag("scrape_classic_histograms", absent.classicHistograms);
    return new ExpositionSettings(
        protocols(yaml, absent),
        fallback(yaml),
        yaml.flag("scrape_native_histograms", absent.nativeHistograms),
        yaml.flag("always_scrape_classic_histograms", classic),
        yaml.flag("convert_classic_histograms_to_nhcb", absent.convertClassic),
        yaml.read(
            "metric_name_validation_scheme", ExpositionSettings::legacyNames, absent.legacyNames),
        yaml.read("metric_name_escaping_scheme", ExpositionSettings::escaping, absent.escaping),
        yaml.flag("extra_scrape_metrics", absent.extraMetrics));
  }

  private static @Nullable ScrapeProtocol fallback(YamlMapping yaml) throws ConfigException {
    YamlValue value = yaml.get("fallback_scrape_protocol");
    return value == null || value.text().isEmpty() ? null : value.as(ScrapeProtocol::parse);
  }

  private static List<ScrapeProtocol> protocols(YamlMapping yaml, ExpositionSettings absent)
      throws ConfigException {
    if (!yaml.has("scrape_protocols")) {
      return absent.protocols;
    }
    List<ScrapeProtocol> protocols = new ArrayList<>();
    Set<ScrapeProtocol> seen = new HashSet<>();
    for (YamlValue value : yaml.list("scrape_protocols")) {
      ScrapeProtocol protocol = value.as(ScrapeProtocol::parse);
      if (!seen.add(protocol)) {
        throw value.error("the protocol stands there twice");
      }
      protocols.add(protocol);
    }
    if (protocols.isEmpty()) {
      throw yaml.error("scrape_protocols is empty; leave it out for the default");
    }
    return protocols;
  }

  private static boolean legacyNames(String text) {
    return switch (text) {
      case "legacy" -> true;
      case "utf8" -> false;
      default -> throw new IllegalArgumentException("'" + text + "' is neither utf8 nor legacy");
    };
  }

  private static String escaping(String text) {
    if (!ESCAPINGS.contains(text)) {
      throw new IllegalArgumentException(
          "'" + text + "' is neither allow-utf-8, underscores, dots nor values");
    }
    return text;
  }

  /** The Accept header of requests. */
  public String accept() {
    List<ScrapeProtocol> wanted =
        !protocols.isEmpty()
            ? protocols
            : nativeHistograms ? ScrapeProtocol.PROTOBUF_FIRST : ScrapeProtocol.DEFAULT;
    String scheme = !escaping.isEmpty() ? escaping : legacyNames ? "underscores" : "allow-utf-8";
    return ScrapeProtocol.accept(wanted, scheme);
  }
}
