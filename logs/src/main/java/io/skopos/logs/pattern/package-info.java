// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Finds what lines have in common: a {@link io.skopos.logs.pattern.PatternMiner} groups lines into
 * templates such as {@code took <_>ms}, which LogQL's pattern filter takes as they are; {@link
 * io.skopos.logs.pattern.Patterns} feeds it with entries when somebody asks, a sample of them when
 * there are many. Nothing is kept between questions, and nothing of endpoints lives here.
 */
@NullMarked
package io.skopos.logs.pattern;

import org.jspecify.annotations.NullMarked;
