// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import io.skopos.testkit.process.PrometheusApi;

/** Reads the answer to a write. */
final class Acknowledged {

  private Acknowledged() {}

  /**
   * False when the server asks to repeat; anything but that and success is a defect.
   *
   * @throws AssertionError when the write was refused for good
   */
  static boolean by(PrometheusApi.Answer answer) {
    if (answer.status() / 100 == 2) {
      return true;
    }
    if (answer.status() == 503 || answer.status() == 429) {
      return false;
    }
    throw new AssertionError("answered " + answer.status() + ": " + answer.body());
  }
}
