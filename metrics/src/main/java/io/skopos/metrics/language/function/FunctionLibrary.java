// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds a function's code by its name. Every function is in exactly one of the kinds. */
public final class FunctionLibrary {

  private static final Map<String, RangeFunction> RANGE = Map.of();
  private static final Map<String, VectorFunction> VECTOR = Map.of();
  private static final Map<String, ScalarFunction> SCALAR = Map.of();

  private FunctionLibrary() {}

  public static @Nullable RangeFunction range(String name) {
    return RANGE.get(name);
  }

  public static @Nullable VectorFunction vector(String name) {
    return VECTOR.get(name);
  }

  public static @Nullable ScalarFunction scalar(String name) {
    return SCALAR.get(name);
  }
}
