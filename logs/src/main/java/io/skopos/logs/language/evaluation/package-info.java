// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * How queries are answered. A log expression becomes a {@link
 * io.skopos.logs.language.evaluation.LogPlan}: what to ask the source for, and the pipeline to send
 * entries through. Log queries keep the entries that come out; range aggregations count them into
 * the buckets that the windows of all steps share, which makes a step block; what stands around
 * those are operators of the room {@code engine}.
 */
@NullMarked
package io.skopos.logs.language.evaluation;

import org.jspecify.annotations.NullMarked;
