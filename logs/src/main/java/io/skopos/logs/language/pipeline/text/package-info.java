// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Texts that stand for numbers, durations, sizes and addresses, read as Go and the libraries Loki
 * uses read them, with their words where a text is none. Knows nothing of entries and labels.
 */
@NullMarked
package io.skopos.logs.language.pipeline.text;

import org.jspecify.annotations.NullMarked;
