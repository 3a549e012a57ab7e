// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Go's text templates as far as LogQL allows them: parsed once, run with a map of texts as data,
 * with Loki's functions. What a template may write and how long it may run is bounded. Knows
 * nothing of entries: the line and its time come through {@link
 * io.skopos.logs.language.pipeline.template.TemplateData}.
 */
@NullMarked
package io.skopos.logs.language.pipeline.template;

import org.jspecify.annotations.NullMarked;
