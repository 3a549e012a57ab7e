// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery;

import io.skopos.ingest.yaml.ConfigException;

/**
 * What one entry of a {@code *_sd_configs} section says: plain data that compares by value, so that
 * equal entries of several jobs share one discovery and a reload leaves unchanged ones running.
 */
public interface DiscoverySettings {

  /** The word before {@code _sd_configs}. */
  String kind();

  /**
   * Begins to find targets and to put them into {@code targets}.
   *
   * @throws ConfigException when it cannot begin; what may pass (a server that does not answer) is
   *     told to {@code targets} instead
   */
  Discovery start(DiscoveryContext context, DiscoveredTargets targets) throws ConfigException;
}
