// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language;

import io.skopos.model.Labels;
import java.util.List;

/**
 * Entries of an answer that have the same labels after the pipeline.
 *
 * @param labels all of them
 * @param entries in the direction asked for
 */
public record LogStream(Labels labels, List<LogEntry> entries) {}
