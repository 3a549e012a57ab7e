// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.skopos.model.config.Setting;
import java.time.Duration;

/** What a tenant may send. Zero means "no limit". */
public record IntakeLimits(
    @Setting(
            doc = "Labels a series may have, its name included.",
            defaultValue = "128",
            perTenant = true)
        int labelsPerSeries,
    @Setting(doc = "Bytes a label's name may have.", defaultValue = "1024", perTenant = true)
        int labelNameBytes,
    @Setting(doc = "Bytes a label's value may have.", defaultValue = "16384", perTenant = true)
        int labelValueBytes,
    @Setting(
            doc =
                "Samples (rows of any signal) a tenant may send in a second, on average. Above it"
                    + " writes are answered 429 with the time after which to try again. 0 is no"
                    + " limit.",
            defaultValue = "0",
            perTenant = true)
        long samplesPerSecond,
    @Setting(
            doc = "For how long a tenant may send at once what it did not send before.",
            defaultValue = "10s",
            perTenant = true)
        Duration burst,
    @Setting(
            doc =
                "Series of metrics a tenant may have within series_window. Of a write that brings"
                    + " more, the known ones are kept and the answer is 400. 0 is no limit.",
            defaultValue = "0",
            perTenant = true)
        long series,
    @Setting(
            doc = "How long a series counts after its last sample; at most twice that.",
            defaultValue = "1h",
            perTenant = true)
        Duration seriesWindow,
    @Setting(
            doc = "How far ahead of this server's clock a row's time may be. 0 is no limit.",
            defaultValue = "1d",
            perTenant = true)
        Duration futureTolerance,
    @Setting(
            doc =
                "Tenants that may write within an hour; beyond it writes of further ones are"
                    + " answered 429.",
            defaultValue = "10000")
        int tenants) {

  public static IntakeLimits defaults() {
    return new IntakeLimits(
        128,
        1024,
        16_384,
        0,
        Duration.ofSeconds(10),
        0,
        Duration.ofHours(1),
        Duration.ofDays(1),
        10_000);
  }
}
