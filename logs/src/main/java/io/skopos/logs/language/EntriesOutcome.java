// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

import java.util.List;

/**
 * An answered log query.
 *
 * @param streams sorted by labels
 * @param warnings what could not be read
 */
public record EntriesOutcome(
    List<LogStream> streams, List<String> warnings, QueryStatistics statistics) {}
