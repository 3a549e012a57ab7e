// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import java.util.List;

/**
 * What a function takes and gives.
 *
 * @param argumentTypes types of the arguments; the last one repeats when {@link #variadic} allows
 *     more
 * @param variadic 0: exactly the arguments listed; n &gt; 0: the last one is optional and may be
 *     given up to n times; -1: the last one may be given any number of times, or left out
 * @param experimental whether it must be switched on
 */
public record Signature(
    String name,
    List<ValueType> argumentTypes,
    int variadic,
    ValueType returnType,
    boolean experimental) {

  public Signature {
    argumentTypes = List.copyOf(argumentTypes);
  }
}
