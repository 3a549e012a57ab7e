// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

import io.skopos.model.Matcher;
import org.jspecify.annotations.Nullable;

/**
 * A label that is to be dropped or kept.
 *
 * @param matcher what its value has to fit; null for any
 */
public record LabelChoice(String name, @Nullable Matcher matcher) {}
