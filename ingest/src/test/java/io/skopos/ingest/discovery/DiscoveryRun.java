// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.http.HttpThreads;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.ingest.yaml.Notices;
import io.skopos.ingest.yaml.YamlDocument;
import io.skopos.ingest.yaml.YamlMapping;
import io.skopos.model.LabelsBuilder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Runs discoveries by the text of their configuration. */
public final class DiscoveryRun implements AutoCloseable {

  private final ThreadFactory threads = Thread.ofVirtual().factory();
  private final HttpThreads http = new HttpThreads(threads);
  private final PrometheusRegistry registry = new PrometheusRegistry();
  private final DiscoveryContext context;
  private final Discoveries discoveries;
  private DiscoverySettings settings;

  /** Reads an entry of a {@code *_sd_configs} section. */
  public interface Parser {
    DiscoverySettings parse(YamlMapping yaml, Path base, Notices notices) throws ConfigException;
  }

  @SuppressWarnings("NullAway.Init")
  public DiscoveryRun(int maxTargets) {
    context = new DiscoveryContext(http, "Skopos/test", threads, maxTargets);
    discoveries = new Discoveries(context, "skopos_ingest", registry, () -> {});
  }

  public DiscoveryRun() {
    this(1000);
  }

  public static DiscoverySettings parse(Parser parser, String yaml, Path base)
      throws ConfigException {
    return parser.parse(YamlDocument.parse("sd.yml", yaml).mapping(), base, new Notices());
  }

  public void start(Parser parser, String yaml, Path base) throws ConfigException {
    start(parse(parser, yaml, base));
  }

  public void start(DiscoverySettings wanted) throws ConfigException {
    settings = wanted;
    assertThat(discoveries.start(List.of(wanted))).containsExactly(wanted);
  }

  /** What was found, one text for each target: its address and the labels that are wanted. */
  public Map<String, Map<String, String>> found() {
    Map<String, Map<String, String>> found = new TreeMap<>();
    for (TargetGroup group : discoveries.groups(settings)) {
      for (String target : group.targets()) {
        String key = target;
        while (found.containsKey(key)) {
          key += "'";
        }
        found.put(key, new TreeMap<>(new LabelsBuilder(group.labels()).build().toMap()));
      }
    }
    return found;
  }

  public List<String> addresses() {
    return new ArrayList<>(found().keySet());
  }

  public String problem() {
    return discoveries.status().getFirst().problem();
  }

  public void awaitAddresses(String... expected) {
    await(() -> addresses().equals(List.of(expected)));
  }

  public void awaitProblem(String part) {
    await(() -> problem().contains(part));
  }

  public void await(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime())
          .as("waited 20 s in vain; found %s, problem '%s'", found(), problem())
          .isLessThan(deadline);
      LockSupport.parkNanos(2_000_000);
    }
  }

  @Override
  public void close() {
    discoveries.close();
    http.close();
  }
}
