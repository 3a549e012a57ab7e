// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * From label matchers to series, for every wing. A series (or log stream) is an ordinal, local to
 * one head or one part; {@link io.skopos.storage.index.LabelIndex} says which ordinals carry which
 * label value, {@link io.skopos.storage.index.LabelSelection} evaluates matchers over it. {@link
 * io.skopos.storage.index.MutableLabelIndex} is the head's form, on the heap and growing; {@link
 * io.skopos.storage.index.LabelIndexReader} the part's form, read from pages
 * (docs/formats/label-index.md). Ordinals never leave their head or part.
 */
@NullMarked
package io.skopos.storage.index;

import org.jspecify.annotations.NullMarked;
