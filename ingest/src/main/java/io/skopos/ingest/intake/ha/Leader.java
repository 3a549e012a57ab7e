// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake.ha;

/**
 * The replica of a cluster whose samples are kept.
 *
 * @param electedMs since when
 * @param receivedMs when it sent last
 * @param elections how often the cluster got a leader
 */
public record Leader(
    String cluster, String replica, long electedMs, long receivedMs, long elections) {}
