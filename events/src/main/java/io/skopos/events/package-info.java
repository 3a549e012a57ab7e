// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * The events wing: what changed (deploys, config, flags, faults, silences, probes), drawn on every
 * chart. Events are rows of {@code storage.rows}: {@link io.skopos.events.EventStore} turns them
 * into rows and back, {@code api} speaks JSON over {@code /api/v1/events}.
 */
@NullMarked
package io.skopos.events;

import org.jspecify.annotations.NullMarked;
