// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * How a receiver of any signal waits for the intake, and how refusals become HTTP: {@link
 * io.skopos.serving.append.Appends}. No limits and no protocols here.
 */
@NullMarked
package io.skopos.serving.append;

import org.jspecify.annotations.NullMarked;
