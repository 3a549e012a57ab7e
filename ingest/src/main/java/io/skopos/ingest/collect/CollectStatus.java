// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect;

import io.skopos.ingest.collect.tail.FileStatus;
import io.skopos.ingest.discovery.Discoveries;
import io.skopos.model.Labels;
import java.util.List;

/**
 * What is collected, and what is not.
 *
 * @param waiting why entries of files wait for the store now; empty when they do not
 * @param refused why entries of files were refused last; empty when none were
 */
public record CollectStatus(
    List<FileStatus> files,
    List<FileStatus.LeftOut> leftOut,
    Targets targets,
    List<Listening> listening,
    List<Discoveries.Status> discoveries,
    String waiting,
    String refused) {

  /** Dropped targets that are shown. */
  static final int MAX_DROPPED = 1000;

  /**
   * Targets of files, after relabelling.
   *
   * @param dropped some of those that are not followed
   */
  record Targets(int followed, List<DroppedTarget> dropped) {
    static final Targets NONE = new Targets(0, List.of());
  }

  /** A target of a job that is not followed. */
  record DroppedTarget(String job, Labels labels, String reason) {}

  /**
   * A journal or a syslog address.
   *
   * @param entries stored since the start
   * @param problem empty when there is none
   */
  record Listening(String job, String source, long entries, String problem) {}
}
