// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.self;

import io.skopos.metrics.api.ServerView;
import io.skopos.model.Labels;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.config.PrometheusDuration;
import io.skopos.server.config.LoadedConfig;
import io.skopos.server.config.MaskedConfig;
import io.skopos.storage.Ground;
import io.skopos.storage.GroundStatus;
import io.skopos.storage.StorageConfig;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The process and its config, as Prometheus' status endpoints show them. Thread-safe. */
public final class ProcessView implements ServerView {

  private final Map<String, String> flags;
  private final Ground ground;
  private final InstantSource clock;
  private final Instant started;
  private final long memoryBudget;
  private volatile LoadedConfig config;
  private volatile Instant configRead;
  private volatile boolean reloaded = true;

  public ProcessView(
      LoadedConfig config,
      Map<String, String> flags,
      Ground ground,
      long memoryBudget,
      InstantSource clock) {
    this.config = config;
    this.flags = Map.copyOf(flags);
    this.ground = ground;
    this.memoryBudget = memoryBudget;
    this.clock = clock;
    this.started = clock.instant();
    this.configRead = started;
  }

  /** A reload was applied. */
  public void reloaded(LoadedConfig newConfig) {
    config = newConfig;
    configRead = clock.instant();
    reloaded = true;
  }

  /** A reload was refused; the old config goes on. */
  public void reloadFailed() {
    reloaded = false;
  }

  public boolean reloadSucceeded() {
    return reloaded;
  }

  public Instant configReadAt() {
    return configRead;
  }

  public LoadedConfig config() {
    return config;
  }

  @Override
  public String configYaml() {
    return MaskedConfig.of(config.text());
  }

  @Override
  public Map<String, String> flags() {
    return flags;
  }

  @Override
  public Labels externalLabels() {
    return config.prometheus().global().externalLabels();
  }

  @Override
  public ServerView.BuildInfo buildInfo() {
    io.skopos.server.BuildInfo build = io.skopos.server.BuildInfo.current();
    return new ServerView.BuildInfo(
        build.version(),
        build.revision(),
        build.branch(),
        "",
        build.date(),
        String.valueOf(Runtime.version()));
  }

  @Override
  public RuntimeInfo runtimeInfo() {
    return new RuntimeInfo(
        started,
        Path.of("").toAbsolutePath().toString(),
        hostname(),
        reloaded,
        configRead,
        ground.damagedFiles().size(),
        ManagementFactory.getThreadMXBean().getThreadCount(),
        Runtime.getRuntime().availableProcessors(),
        memoryBudget,
        retention(config.skopos().storage().retention()));
  }

  private static String retention(StorageConfig.Retention retention) {
    List<String> parts = new ArrayList<>();
    if (!retention.time().isZero()) {
      parts.add(PrometheusDuration.format(retention.time()));
    }
    if (retention.size().bytes() > 0) {
      parts.add(retention.size().toString());
    }
    return String.join(" or ", parts);
  }

  private static String hostname() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /** In bytes of the log, which has segments of any size. */
  @Override
  public WalReplay walReplay() {
    GroundStatus status = ground.status();
    long read = status.replay().bytes();
    if (status.replay().segments() > 0 || status.writable()) {
      return new WalReplay(0, read, read);
    }
    long kept = status.log().keptBytes();
    return new WalReplay(0, kept, Math.min(kept, status.log().appendedBytes()));
  }

  @Override
  public String snapshot(boolean skipHead) throws IOException {
    return ground.snapshot(skipHead);
  }

  @Override
  public int cleanDeletions(TenantId tenant) throws IOException {
    return ground.cleanDeletions(tenant, Signal.METRICS);
  }
}
