// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model;

/**
 * What kind of rows a frame, part or manifest holds. The code is stored on disk: never reuse one.
 */
public enum Signal {
  METRICS(1),
  LOGS(2),
  TRACES(3),
  PROFILES(4),
  FLOWS(5),
  EVENTS(6);

  private final int code;

  Signal(int code) {
    this.code = code;
  }

  public int code() {
    return code;
  }

  /** The name used in object keys, metrics and messages, e.g. {@code metrics}. */
  public String key() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }

  /**
   * @throws IllegalArgumentException for a code no signal has, as read from a damaged file
   */
  public static Signal ofCode(int code) {
    for (Signal signal : values()) {
      if (signal.code == code) {
        return signal;
      }
    }
    throw new IllegalArgumentException("no signal has code " + code);
  }
}
