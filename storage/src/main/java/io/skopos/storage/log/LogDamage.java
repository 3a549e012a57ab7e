// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import io.skopos.model.TimeRange;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A stretch of the log that could not be read back.
 *
 * @param file the segment
 * @param offset where the stretch begins
 * @param bytes its length
 * @param range of the rows that may be lost; null when it is not known because the frame's header
 *     cannot be read either
 * @param what one sentence for the reader, with the times of the frames before and behind when the
 *     range is not known
 */
public record LogDamage(
    Path file, long offset, long bytes, @Nullable TimeRange range, String what) {}
