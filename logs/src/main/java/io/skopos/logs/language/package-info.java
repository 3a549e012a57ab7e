// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * LogQL. A text becomes a tree ({@code ast}, {@code parse}; {@code print} is the way back), the
 * tree's stages become a pipeline that runs over lines ({@code pipeline}), and {@code evaluation}
 * reads entries from a {@link io.skopos.logs.store.LogSource}, through the pipeline, into streams
 * of entries or into steps of numbers. {@link io.skopos.logs.language.LogqlEngine} is the door.
 */
@NullMarked
package io.skopos.logs.language;

import org.jspecify.annotations.NullMarked;
