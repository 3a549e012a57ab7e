// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.rates;

import io.skopos.logs.wire.Level;
import io.skopos.model.Labels;

/**
 * One counter of lines and one of their bytes.
 *
 * @param labels of the streams that are counted together
 * @param state whether it goes on, begins, or has ended
 */
public record LineCount(Labels labels, Level level, long lines, long bytes, State state) {

  /** What a writer of series has to know. */
  public enum State {
    /** It was zero when the counts were asked for the last time. */
    NEW,
    GOING_ON,
    /** It is dropped, as nothing came for long; when something comes, it begins at zero. */
    ENDED
  }
}
