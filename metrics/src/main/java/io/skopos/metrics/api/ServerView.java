// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import java.io.IOException;
import java.time.Instant;
import java.util.Map;

/**
 * What the status endpoints tell about the process; the server supplies it. Thread-safe; asked anew
 * for each request. Secrets must be masked already.
 */
public interface ServerView {

  /** The configuration in force, as YAML with defaults filled in. */
  String configYaml();

  /** The command line's settings in force, by name. */
  Map<String, String> flags();

  /** The {@code external_labels} of the config, which say to others who we are. */
  default Labels externalLabels() {
    return Labels.EMPTY;
  }

  BuildInfo buildInfo();

  RuntimeInfo runtimeInfo();

  /** How far the log is read; asked for before the server is ready, too. */
  default WalReplay walReplay() {
    return new WalReplay(0, 0, 0);
  }

  /**
   * Makes a copy of the data directory that a server can start on.
   *
   * @param skipHead leaves out what is in no part yet
   * @return its name below the data directory's {@code snapshots}
   */
  default String snapshot(boolean skipHead) throws IOException {
    throw new IOException("this server has no data directory");
  }

  /**
   * Rewrites the parts of a tenant that hold deleted samples.
   *
   * @return how many parts were rewritten
   */
  default int cleanDeletions(TenantId tenant) throws IOException {
    return 0;
  }

  /**
   * Segments of the log.
   *
   * @param min the first one's number
   * @param max how many there are to read
   * @param current how many were read
   */
  record WalReplay(long min, long max, long current) {}

  /**
   * Which program this is.
   *
   * @param buildDate as the build wrote it
   */
  record BuildInfo(
      String version,
      String revision,
      String branch,
      String buildUser,
      String buildDate,
      String javaVersion) {}

  /**
   * How the process is doing.
   *
   * @param reloadConfigSuccess whether the last reload was applied
   * @param lastConfigTime when the configuration in force was read
   * @param corruptionCount damaged files found since the start
   * @param memoryLimitBytes the memory budget
   * @param storageRetention as in the configuration, e.g. {@code 15d or 100GiB}; empty when data is
   *     kept for ever
   */
  record RuntimeInfo(
      Instant startTime,
      String workingDirectory,
      String hostname,
      boolean reloadConfigSuccess,
      Instant lastConfigTime,
      long corruptionCount,
      int threadCount,
      int processors,
      long memoryLimitBytes,
      String storageRetention) {}
}
