// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * How a room declares its settings: a record whose components carry {@link Setting}; and what all
 * who read settings share: durations, sizes, the nearest known key.
 */
@NullMarked
package io.skopos.model.config;

import org.jspecify.annotations.NullMarked;
