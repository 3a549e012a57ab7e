// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/**
 * {@code | level="error" and took > 1s}: keeps entries by their labels. A label that is not there
 * is empty for a text comparison and fails any other; a value that cannot be converted keeps the
 * entry and gives it an error, unless it has one already.
 */
public sealed interface LabelFilter extends Stage
    permits TextFilter,
        NumberFilter,
        DurationFilter,
        BytesFilter,
        IpLabelFilter,
        BothFilter,
        EitherFilter {}
