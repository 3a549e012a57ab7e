// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What LogQL does to one entry after another: a {@link io.skopos.logs.language.pipeline.Pipeline}
 * runs its stages over an {@link io.skopos.logs.language.pipeline.EntryState}, which holds the
 * entry's line as bytes and its labels in three categories, and turns them into label sets that are
 * the same object for equal sets. Stages are made from plain parameters; nothing of LogQL's syntax,
 * of ranges or of steps lives here. {@code search}, {@code text} and {@code template} below are
 * kernels that know nothing of entries.
 */
@NullMarked
package io.skopos.logs.language.pipeline;

import org.jspecify.annotations.NullMarked;
