// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

/**
 * What one query may ask for, beside its budget. Zero means no limit.
 *
 * @param maxSeries most series of a metric query's answer
 */
public record QueryLimits(int maxSeries) {

  public static final QueryLimits UNLIMITED = new QueryLimits(0);
}
