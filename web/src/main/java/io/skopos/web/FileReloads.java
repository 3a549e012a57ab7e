// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.prometheus.metrics.core.metrics.Counter;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks every few seconds whether certificate or credentials files have changed and has them read
 * again; what cannot be read leaves the old ones in force, with a warning and a count.
 */
final class FileReloads implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(FileReloads.class);
  private static final long INTERVAL_SECONDS = 5;

  private final List<Watched> watched = new ArrayList<>();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("web-files").factory());
  private final Counter failures;

  private static final class Watched {
    final Reloadable settings;
    String seen;

    Watched(Reloadable settings) {
      this.settings = settings;
      this.seen = state(settings);
    }
  }

  FileReloads(List<Reloadable> settings, PrometheusRegistry registry) {
    settings.forEach(this::add);
    failures =
        Counter.builder()
            .name("skopos_web_file_reload_failures_total")
            .help("Changed certificate or credentials files that could not be read.")
            .register(registry);
  }

  synchronized void add(Reloadable settings) {
    watched.add(new Watched(settings));
  }

  void start() {
    var unused =
        timer.scheduleWithFixedDelay(
            this::reloadChanged, INTERVAL_SECONDS, INTERVAL_SECONDS, TimeUnit.SECONDS);
  }

  /** Reads again what has changed since the last look. */
  synchronized void reloadChanged() {
    for (Watched each : watched) {
      String now = state(each.settings);
      if (now.equals(each.seen)) {
        continue;
      }
      each.seen = now;
      try {
        each.settings.reload();
        LOG.info("Read {} again", (Object) each.settings.files());
      } catch (IOException | RuntimeException e) {
        failures.inc();
        LOG.warn("Kept the settings in force: {}", e.getMessage());
      }
    }
  }

  private static String state(Reloadable settings) {
    StringBuilder state = new StringBuilder();
    for (Path file : settings.files()) {
      try {
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        state
            .append(attributes.lastModifiedTime().to(TimeUnit.NANOSECONDS))
            .append(' ')
            .append(attributes.size())
            .append(' ')
            .append(attributes.fileKey())
            .append(';');
      } catch (IOException e) {
        state.append("missing;");
      }
    }
    return state.toString();
  }

  @Override
  public void close() {
    timer.shutdownNow();
  }
}
