// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What the server says of itself: its own metrics at {@code /metrics} and stored like any target's,
 * the status page for machines, and the view of process and config that Prometheus' status
 * endpoints show.
 */
@NullMarked
package io.skopos.server.self;

import org.jspecify.annotations.NullMarked;
