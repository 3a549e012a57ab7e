// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

import io.skopos.engine.QueryValue;
import java.util.List;

/**
 * An answered metric query. A label of the answer may be there with an empty value, which is not
 * the same as its absence.
 *
 * @param warnings what could not be read
 */
public record MetricOutcome(QueryValue value, List<String> warnings, QueryStatistics statistics) {}
