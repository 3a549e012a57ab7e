// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * From {@code skopos.yml} (or a {@code prometheus.yml} as it is) and {@code --set key=value} to
 * config records. Which keys exist, their defaults and meanings stand on the records' components as
 * {@link io.skopos.model.config.Setting}; this package binds them, says what is wrong with line and
 * nearest key, and prints the reference page. It knows no room's meaning.
 */
@NullMarked
package io.skopos.server.config;

import org.jspecify.annotations.NullMarked;
