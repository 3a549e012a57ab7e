// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.push;

import io.skopos.model.config.Setting;
import java.time.Duration;

/** What short jobs may push. */
public record PushSettings(
    @Setting(
            doc = "How often the samples of pushed groups are written again, as a scrape would.",
            defaultValue = "15s")
        Duration interval,
    @Setting(
            doc = "Groups a tenant may have; a push of a further one gets 429.",
            defaultValue = "10000")
        int maxGroups,
    @Setting(doc = "Series a group may have; a push of more gets 413.", defaultValue = "10000")
        int maxSeriesPerGroup) {

  public PushSettings {
    if (interval.toMillis() < 1000) {
      throw new IllegalArgumentException("push.interval must be at least 1s");
    }
    if (maxGroups < 1) {
      throw new IllegalArgumentException("push.max_groups must be at least 1, not " + maxGroups);
    }
    if (maxSeriesPerGroup < 1) {
      throw new IllegalArgumentException(
          "push.max_series_per_group must be at least 1, not " + maxSeriesPerGroup);
    }
  }

  public static PushSettings defaults() {
    return new PushSettings(Duration.ofSeconds(15), 10_000, 10_000);
  }
}
