// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.model.Labels;

/**
 * What is known of a followed file.
 *
 * @param stored bytes of it that are stored
 * @param size bytes it had when it was looked at last; -1 when that is not known
 * @param problem empty when there is none
 */
public record FileStatus(
    String job, String path, String state, long stored, long size, Labels labels, String problem) {

  /**
   * A file that matches a job's pattern and is not followed.
   *
   * @param reason for people to read
   */
  public record LeftOut(String job, String path, String reason) {}
}
