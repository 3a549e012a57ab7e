// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Graphite's plaintext protocol: {@link io.skopos.metrics.wire.graphite.GraphiteLines} turns a line
 * into a row, tags into labels. No sockets here.
 */
@NullMarked
package io.skopos.metrics.wire.graphite;

import org.jspecify.annotations.NullMarked;
