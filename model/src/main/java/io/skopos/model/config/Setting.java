// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model.config;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Stands on a component of a config record. The loader, the reference page, {@code --set} and the
 * error for an unknown key all come from it. A component may be a nested config record (then only
 * {@link #doc} is read), {@code String}, {@code boolean}, {@code int}, {@code long}, {@code
 * double}, {@code java.time.Duration} (written {@code 30s}, {@code 1h30m}, {@code 15d}), {@link
 * ByteSize} (written {@code 512MiB}), an enum, or a {@code List} of those. The key in YAML is the
 * component's name in snake_case.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Setting {

  /** What it means and what happens at the bound; one or two sentences. */
  String doc();

  /**
   * The default, written as in YAML; empty means "none" for strings, lists, durations and sizes
   * (0).
   */
  String defaultValue() default "";

  /** Whether a tenant may have another value, in the section {@code overrides}. */
  boolean perTenant() default false;
}
