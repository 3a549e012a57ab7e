// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The events wing: deploys, config changes, faults, silences; rows in {@code storage.rows}, told
 * over {@code /api/v1/events}.
 */
@NullMarked
package io.skopos.events;

import org.jspecify.annotations.NullMarked;
