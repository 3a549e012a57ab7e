// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.ingest.collect.config.CollectConfig;
import io.skopos.ingest.collect.config.CollectJob;
import io.skopos.ingest.collect.config.FileTargets;
import io.skopos.ingest.collect.config.HostJobs;
import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.Delivery;
import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.collect.delivery.SourceKind;
import io.skopos.ingest.collect.journal.JournalFollower;
import io.skopos.ingest.collect.journal.JournalSettings;
import io.skopos.ingest.collect.positions.Positions;
import io.skopos.ingest.collect.syslog.SyslogListener;
import io.skopos.ingest.collect.syslog.SyslogSettings;
import io.skopos.ingest.collect.tail.FileCollector;
import io.skopos.ingest.collect.tail.FileJob;
import io.skopos.ingest.discovery.Discoveries;
import io.skopos.ingest.discovery.DiscoveryContext;
import io.skopos.ingest.discovery.DiscoverySettings;
import io.skopos.ingest.discovery.DiscoveryUpdates;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.http.HttpThreads;
import io.skopos.ingest.relabel.Relabelling;
import io.skopos.ingest.yaml.ConfigException;
import io.skopos.logs.LogsByTenant;
import io.skopos.model.TenantId;
import io.skopos.storage.Intake;
import io.skopos.storage.disk.Disk;
import io.skopos.web.Reloadable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Collects logs for one tenant, as a configuration says. {@link #apply} puts another one in force:
 * files are read on where they were, journals and listeners are begun again if anything changed.
 * Thread-safe.
 */
public final class Collector implements AutoCloseable, Reloadable {

  private static final Logger log = LoggerFactory.getLogger(Collector.class);

  private static final int MAX_TARGETS = 10_000;

  private final CollectSettings settings;
  private final TenantId tenant;
  private final Intake intake;
  private final InstantSource clock;
  private final ThreadFactory waiting;
  private final CollectMetrics metrics;
  private final String hostname;
  private final io.skopos.logs.wire.Discoveries found;
  private final Positions positions;
  private final Delivery fileDelivery;
  private final FileCollector files;
  private final HttpThreads http;
  private final Discoveries discoveries;
  private final DiscoveryUpdates updates = new DiscoveryUpdates(this::refresh);
  private final ReentrantLock changing = new ReentrantLock();
  private final List<JournalFollower> journals = new ArrayList<>();
  private final List<SyslogListener> listeners = new ArrayList<>();
  private CollectConfig config = CollectConfig.EMPTY;
  private List<CollectJob> jobs = List.of();
  private boolean applied;
  private boolean closed;
  private volatile CollectStatus.Targets targets = CollectStatus.Targets.NONE;

  /**
   * @param logs what is to be found out about entries
   * @param directory for positions; created when missing
   * @param version of this program, for the User-Agent
   * @param waiting makes threads that mostly wait
   */
  public Collector(
      CollectSettings settings,
      TenantId tenant,
      Intake intake,
      LogsByTenant logs,
      Disk disk,
      Path directory,
      InstantSource clock,
      String version,
      ThreadFactory waiting,
      PrometheusRegistry registry)
      throws IOException {
    this.settings = settings;
    this.tenant = tenant;
    this.intake = intake;
    this.clock = clock;
    this.waiting = waiting;
    this.metrics = new CollectMetrics(registry);
    this.hostname = hostname();
    this.found = new io.skopos.logs.wire.Discoveries(logs);
    this.positions = Positions.open(disk, directory);
    this.fileDelivery = new Delivery(intake, SourceKind.FILES, metrics);
    this.files =
        new FileCollector(
            settings.tail(),
            new EntryBatches(tenant, found),
            fileDelivery,
            positions,
            clock,
            ZoneId.systemDefault(),
            metrics);
    this.http = new HttpThreads(waiting);
    this.discoveries =
        new Discoveries(
            new DiscoveryContext(http, "Skopos/" + version, waiting, MAX_TARGETS),
            "skopos_collect",
            registry,
            updates::wake);
    files.start();
    updates.start();
  }

  private static String hostname() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "localhost";
    }
  }

  /**
   * Puts a configuration in force; the one that is already changes nothing.
   *
   * @throws ConfigException when it cannot be: an address is taken, a certificate cannot be read
   */
  public void apply(CollectConfig newConfig) throws ConfigException {
    changing.lock();
    try {
      if (closed || applied && newConfig.text().equals(config.text())) {
        return;
      }
      List<CollectJob> wanted =
          newConfig.jobs().isEmpty() && settings.hostLogs()
              ? HostJobs.of(Path.of(settings.hostLogsPath()), hostname, settings.hostLogsMaxAge())
              : newConfig.jobs();
      Set<DiscoverySettings> found = new HashSet<>();
      wanted.forEach(job -> found.addAll(job.discoveries()));
      discoveries.start(found);
      stopListening();
      for (CollectJob job : wanted) {
        listen(job);
      }
      config = newConfig;
      jobs = wanted;
      applied = true;
      discoveries.retain(found);
      retarget();
    } finally {
      changing.unlock();
    }
  }

  private void listen(CollectJob job) throws ConfigException {
    JournalSettings journal = job.journal();
    if (journal != null) {
      JournalFollower follower =
          new JournalFollower(
              job.name(),
              journal,
              new Relabelling(job.relabelRules()),
              job.stages(),
              new EntryBatches(tenant, found),
              new Delivery(intake, SourceKind.JOURNAL, metrics),
              positions,
              metrics);
      journals.add(follower);
      follower.start();
    }
    SyslogSettings syslog = job.syslog();
    if (syslog != null) {
      try {
        SyslogListener listener =
            new SyslogListener(
                job.name(),
                syslog,
                job.relabelRules(),
                job.stages(),
                () -> new EntryBatches(tenant, found),
                new Delivery(intake, SourceKind.SYSLOG, metrics),
                clock,
                waiting,
                metrics);
        listeners.add(listener);
        listener.start();
      } catch (IOException e) {
        throw new ConfigException("collect job " + job.name() + ": " + e.getMessage(), e);
      }
    }
  }

  private void stopListening() {
    journals.forEach(JournalFollower::close);
    listeners.forEach(SyslogListener::close);
    journals.clear();
    listeners.clear();
  }

  /** Discoveries have found something else. */
  private void refresh() {
    changing.lock();
    try {
      if (!closed) {
        retarget();
      }
    } finally {
      changing.unlock();
    }
  }

  private void retarget() {
    List<FileJob> follow = new ArrayList<>();
    List<CollectStatus.DroppedTarget> dropped = new ArrayList<>();
    for (CollectJob job : jobs) {
      if (job.journal() != null || job.syslog() != null) {
        continue;
      }
      List<TargetGroup> groups = new ArrayList<>();
      job.discoveries().forEach(one -> groups.addAll(discoveries.groups(one)));
      FileTargets.Found found = FileTargets.of(job, groups, hostname);
      follow.addAll(found.files());
      for (FileTargets.Dropped one : found.dropped()) {
        if (dropped.size() < CollectStatus.MAX_DROPPED) {
          dropped.add(new CollectStatus.DroppedTarget(job.name(), one.labels(), one.reason()));
        }
      }
    }
    targets = new CollectStatus.Targets(follow.size(), List.copyOf(dropped));
    files.follow(follow);
  }

  /** What is collected now; of no tenant but the collector's. */
  public CollectStatus status() {
    List<CollectStatus.Listening> others = new ArrayList<>();
    changing.lock();
    try {
      for (JournalFollower journal : journals) {
        others.add(
            new CollectStatus.Listening(
                journal.job(), "journal", journal.entries(), journal.problem()));
      }
      for (SyslogListener listener : listeners) {
        others.add(
            new CollectStatus.Listening(
                listener.job(), listener.address(), listener.entries(), listener.problem()));
      }
    } finally {
      changing.unlock();
    }
    return new CollectStatus(
        files.files(),
        files.leftOut(),
        targets,
        others,
        discoveries.status(),
        fileDelivery.problem(),
        fileDelivery.refusal());
  }

  public TenantId tenant() {
    return tenant;
  }

  /** Certificates of listeners. */
  @Override
  public Path[] files() {
    List<Path> all = new ArrayList<>();
    changing.lock();
    try {
      listeners.forEach(listener -> all.addAll(List.of(listener.files())));
    } finally {
      changing.unlock();
    }
    return all.toArray(new Path[0]);
  }

  @Override
  public void reload() throws IOException {
    changing.lock();
    try {
      for (SyslogListener listener : listeners) {
        listener.reload();
      }
    } finally {
      changing.unlock();
    }
  }

  @Override
  public void close() {
    updates.close();
    changing.lock();
    try {
      closed = true;
      stopListening();
      discoveries.close();
      files.close();
    } finally {
      changing.unlock();
    }
    http.close();
    try {
      positions.close();
    } catch (IOException e) {
      log.warn("closing positions: {}", e.getMessage());
    }
  }
}
