// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server;

import io.skopos.server.config.ConfigException;
import io.skopos.server.config.LoadedConfig;
import io.skopos.storage.BucketUse;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a server is started with.
 *
 * @param bucket what the bucket of the config is for
 * @param flags the command line's settings, for the status endpoint
 * @param config reads the config, again for each reload
 */
public record ServerOptions(
    Path data, BucketUse.Mode bucket, Map<String, String> flags, ConfigSource config) {

  /** Reads the config as it is now. */
  @FunctionalInterface
  public interface ConfigSource {
    LoadedConfig load() throws ConfigException;
  }
}
