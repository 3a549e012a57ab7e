// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.nio.file.Path;
import java.util.List;

/**
 * The values of one header; each becomes a line of its own.
 *
 * @param files read anew for each request
 */
public record HeaderSetting(List<String> values, List<String> secrets, List<Path> files) {

  public HeaderSetting {
    values = List.copyOf(values);
    secrets = List.copyOf(secrets);
    files = List.copyOf(files);
  }

  /** Secrets stay out of logs and pages. */
  @Override
  public String toString() {
    return "HeaderSetting["
        + values.size()
        + " values, "
        + secrets.size()
        + " secrets, "
        + files
        + "]";
  }
}
