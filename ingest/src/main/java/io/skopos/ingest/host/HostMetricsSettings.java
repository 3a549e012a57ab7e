// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.host;

import io.skopos.model.config.Setting;
import java.time.Duration;

/** Settings of the host's own metrics (Linux). */
public record HostMetricsSettings(
    @Setting(
            doc = "Record this host's metrics, under node_exporter's names, without an exporter.",
            defaultValue = "true")
        boolean enabled,
    @Setting(doc = "How often they are read.", defaultValue = "15s") Duration interval,
    @Setting(doc = "Their label job.", defaultValue = "node") String job,
    @Setting(doc = "Their label instance; empty is this host's name.") String instance,
    @Setting(doc = "Where the kernel's /proc is.", defaultValue = "/proc") String procPath,
    @Setting(doc = "Where the kernel's /sys is.", defaultValue = "/sys") String sysPath,
    @Setting(
            doc = "Where the host's root file system is mounted, when we run in a container.",
            defaultValue = "/")
        String rootPath) {

  public HostMetricsSettings {
    if (interval.toMillis() < 10) {
      throw new IllegalArgumentException("host_metrics.interval must be at least 10ms");
    }
  }

  public static HostMetricsSettings defaults() {
    return new HostMetricsSettings(true, Duration.ofSeconds(15), "node", "", "/proc", "/sys", "/");
  }
}
