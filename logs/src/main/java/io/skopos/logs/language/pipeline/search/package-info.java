// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Finds texts and regular expressions in bytes, at the speed of memory where nothing can be
 * skipped. Everything takes time linear in the text. Knows nothing of entries and labels.
 */
@NullMarked
package io.skopos.logs.language.pipeline.search;

import org.jspecify.annotations.NullMarked;
