// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.ingest.collect.stage.Stages;
import io.skopos.model.Labels;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Files to follow: what one target of a job comes to. Its key is job and pattern, so that a file's
 * position outlives a change of labels.
 *
 * @param exclude paths that match it are left out; null for none
 * @param labels of all entries, beside {@code filename}
 * @param encoding of files that do not begin with a mark
 * @param packed how files are compressed, which are then read once; null when they are not
 * @param packedDelayMs how long a compressed file must have been left alone
 * @param recognizeTimes whether a line's own time counts where no stage gives one
 * @param pathLabels whether the paths of containers' files tell labels
 * @param hostLogs whether only text files are followed that somebody still writes to
 * @param maxAgeMs files older when they are first seen are left out; 0 for no bound
 */
public record FileJob(
    String job,
    Glob pattern,
    @Nullable Glob exclude,
    Labels labels,
    Stages stages,
    TextEncoding encoding,
    @Nullable PackedFormat packed,
    long packedDelayMs,
    boolean recognizeTimes,
    boolean pathLabels,
    boolean hostLogs,
    long maxAgeMs) {

  /** The same for files of it that were compressed after they were read in part. */
  FileJob unpacking() {
    return new FileJob(
        job,
        pattern,
        exclude,
        labels,
        stages,
        encoding,
        PackedFormat.GZ,
        0,
        recognizeTimes,
        pathLabels,
        false,
        0);
  }

  Content open(Path path) throws IOException {
    return packed == null ? new PlainContent(path) : new PackedContent(path, packed);
  }

  String key() {
    return job + "|" + pattern;
  }

  String key(FileId id) {
    return key() + "|" + id;
  }
}
