// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.disk;

import java.io.IOException;

/** The simulated machine has no power: no operation works until {@link SimulatedDisk#crash}. */
public final class PowerLost extends IOException {

  private static final long serialVersionUID = 1L;

  PowerLost(String message) {
    super(message);
  }
}
