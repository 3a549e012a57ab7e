// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Contract-test kits for the ground's seams, a disk that lies, and real peers as subprocesses. Used
 * by tests only.
 */
@NullMarked
package io.skopos.testkit;

import org.jspecify.annotations.NullMarked;
