// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.relabel.Relabelling;
import io.skopos.ingest.scrape.config.ScrapeConfig;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.config.PrometheusDuration;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What the target groups of a scrape config come to after relabelling, with Prometheus' rules for
 * {@code __address__}, {@code __scheme__}, {@code __metrics_path__}, {@code __param_*}, {@code
 * __scrape_interval__} and {@code __scrape_timeout__}.
 *
 * @param dropped discovered labels of targets a rule dropped; not more than are to be shown
 * @param droppedCount how many there were
 * @param problems why some could not be used
 */
record TargetPlan(
    List<Target> targets, List<Labels> dropped, int droppedCount, List<String> problems) {

  static final TargetPlan NONE = new TargetPlan(List.of(), List.of(), 0, List.of());

  private static final String ADDRESS = "__address__";
  private static final String SCHEME = "__scheme__";
  private static final String PATH = "__metrics_path__";
  private static final String PARAM = "__param_";
  private static final String INTERVAL = "__scrape_interval__";
  private static final String TIMEOUT = "__scrape_timeout__";

  static TargetPlan of(
      ScrapeConfig config,
      Relabelling relabelling,
      Collection<TargetGroup> groups,
      int keptDropped) {
    List<Target> targets = new ArrayList<>();
    List<Labels> dropped = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    int droppedCount = 0;
    Set<Target.Identity> identities = new HashSet<>();
    for (TargetGroup group : groups) {
      for (String address : group.targets()) {
        LabelsBuilder labels = discovered(config, group, address);
        Labels discovered = labels.build();
        if (!relabelling.apply(labels)) {
          droppedCount++;
          if (dropped.size() < keptDropped) {
            dropped.add(discovered);
          }
          continue;
        }
        try {
          Target target = target(config, labels.build(), discovered);
          if (identities.add(target.identity())) {
            targets.add(target);
          }
        } catch (IllegalArgumentException e) {
          problems.add("target '" + address + "' is not scraped: " + e.getMessage());
        }
      }
    }
    return new TargetPlan(targets, dropped, droppedCount, problems);
  }

  static LabelsBuilder discovered(ScrapeConfig config, TargetGroup group, String address) {
    LabelsBuilder labels = new LabelsBuilder(group.labels());
    labels.set(ADDRESS, address);
    setIfAbsent(labels, "job", config.jobName());
    setIfAbsent(labels, INTERVAL, PrometheusDuration.format(config.interval()));
    setIfAbsent(labels, TIMEOUT, PrometheusDuration.format(config.timeout()));
    setIfAbsent(labels, PATH, config.metricsPath());
    setIfAbsent(labels, SCHEME, config.scheme());
    config
        .params()
        .forEach((name, values) -> {
          if (!values.isEmpty()) {
            labels.set(PARAM + name, values.getFirst());
          }
        });
    return labels;
  }

  private static void setIfAbsent(LabelsBuilder labels, String name, String value) {
    if (labels.get(name) == null) {
      labels.set(name, value);
    }
  }

  private static Target target(ScrapeConfig config, Labels relabelled, Labels discovered) {
    String address = relabelled.getOrEmpty(ADDRESS);
    if (address.isEmpty()) {
      throw new IllegalArgumentException("no address after relabelling");
    }
    if (address.indexOf('/') >= 0) {
      throw new IllegalArgumentException("the address '" + address + "' has a '/'");
    }
    Duration interval = PrometheusDuration.parse(relabelled.getOrEmpty(INTERVAL));
    Duration timeout = PrometheusDuration.parse(relabelled.getOrEmpty(TIMEOUT));
    if (interval.isZero() || timeout.isZero()) {
      throw new IllegalArgumentException("scrape interval and timeout cannot be 0");
    }
    if (timeout.compareTo(interval) > 0) {
      throw new IllegalArgumentException("its scrape timeout is longer than its interval");
    }
    LabelsBuilder labels = new LabelsBuilder();
    for (Label label : relabelled) {
      if (!label.name().startsWith("__")) {
        labels.set(label.name(), label.value());
      }
    }
    setIfAbsent(labels, "instance", address);
    return new Target(
        url(config, relabelled, address), labels.build(), discovered, interval, timeout);
  }

  private static URI url(ScrapeConfig config, Labels labels, String address) {
    String scheme = labels.getOrEmpty(SCHEME);
    if (!scheme.equals("http") && !scheme.equals("https")) {
      throw new IllegalArgumentException("the scheme '" + scheme + "' is neither http nor https");
    }
    Map<String, List<String>> params = new TreeMap<>(config.params());
    for (Label label : labels) {
      if (label.name().startsWith(PARAM)) {
        params.merge(
            label.name().substring(PARAM.length()),
            List.of(label.value()),
            TargetPlan::replaceFirst);
      }
    }
    StringBuilder query = new StringBuilder();
    new LinkedHashMap<>(params)
        .forEach((name, values) -> {
          for (String value : values) {
            query.append(query.isEmpty() ? "" : "&").append(encode(name));
            query.append('=').append(encode(value));
          }
        });
    String path = labels.getOrEmpty(PATH);
    try {
      URI plain = new URI(scheme, address, path.startsWith("/") ? path : "/" + path, null, null);
      URI url = query.isEmpty() ? plain : URI.create(plain.toASCIIString() + "?" + query);
      if (url.getHost() == null) {
        throw new IllegalArgumentException("'" + address + "' is not a host and port");
      }
      return url;
    } catch (URISyntaxException e) {
      throw new IllegalArgumentException("its URL is not valid: " + e.getMessage(), e);
    }
  }

  private static List<String> replaceFirst(List<String> old, List<String> first) {
    List<String> replaced = new ArrayList<>(old);
    if (replaced.isEmpty()) {
      return first;
    }
    replaced.set(0, first.getFirst());
    return replaced;
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
