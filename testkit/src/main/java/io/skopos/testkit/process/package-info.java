// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Real processes in tests: Skopos itself as a subprocess that can be killed at any moment, peers
 * from the system's packages, and a small client for what they speak. A peer that is not installed
 * is skipped with a printed reason, or is an error where {@code SKOPOS_REQUIRE_PEERS} is set.
 */
@NullMarked
package io.skopos.testkit.process;

import org.jspecify.annotations.NullMarked;
