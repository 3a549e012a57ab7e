// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.pipeline;

/**
 * A label that a parser is to make from one field of the line.
 *
 * @param expression where the field is, as in {@code response.headers["X-Id"]}
 */
public record Extraction(String label, String expression) {}
