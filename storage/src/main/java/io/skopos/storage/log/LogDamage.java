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
 * @param range of the rows that may be lost: of the frame when its header was readable, else of its
 *     neighbours; null when not even those are known
 * @param what one sentence for the reader
 */
public record LogDamage(
    Path file, long offset, long bytes, @Nullable TimeRange range, String what) {}
