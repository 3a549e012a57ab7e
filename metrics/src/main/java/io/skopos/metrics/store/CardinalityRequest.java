// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store;

import io.skopos.model.Matcher;
import io.skopos.model.TimeRange;
import java.util.List;

/**
 * What series are to be counted by.
 *
 * @param label whose values are counted with {@link By#VALUE}; else empty
 * @param selectors a union; none counts everything
 * @param range what counts as now is the latest day in it that has series, and disk use is that of
 *     its days
 * @param limit of the groups; 0 means all
 */
public record CardinalityRequest(
    By by, String label, List<List<Matcher>> selectors, TimeRange range, int limit) {

  /** Kinds of groups. */
  public enum By {
    METRIC,
    LABEL,
    VALUE,
    /** {@code job} and {@code instance}. */
    TARGET,
    /** Of several tenants; asked of {@link SampleSource#cardinalityByTenant}. */
    TENANT
  }

  public CardinalityRequest {
    selectors = List.copyOf(selectors);
  }
}
