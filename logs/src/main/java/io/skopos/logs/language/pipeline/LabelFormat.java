// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/**
 * One assignment of {@code label_format}.
 *
 * @param source another label's name, or a template
 * @param rename whether it is a name
 */
public record LabelFormat(String label, String source, boolean rename) {}
