// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * HTTP between a client under test and a real server, with faults: {@link
 * io.skopos.testkit.http.FaultyProxy} passes each message on as its bytes are, so that signatures
 * hold, and asks a {@link io.skopos.testkit.http.FaultPlan} what shall go wrong with it.
 */
@NullMarked
package io.skopos.testkit.http;

import org.jspecify.annotations.NullMarked;
