// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.ast;

import java.util.Locale;

/** Operators that gather the series of an instant vector into groups. */
public enum AggregateOperator {
  SUM(ValueType.NONE, false),
  AVG(ValueType.NONE, false),
  COUNT(ValueType.NONE, false),
  MIN(ValueType.NONE, false),
  MAX(ValueType.NONE, false),
  GROUP(ValueType.NONE, false),
  STDDEV(ValueType.NONE, false),
  STDVAR(ValueType.NONE, false),
  TOPK(ValueType.SCALAR, false),
  BOTTOMK(ValueType.SCALAR, false),
  COUNT_VALUES(ValueType.STRING, false),
  QUANTILE(ValueType.SCALAR, false),
  LIMITK(ValueType.SCALAR, true),
  LIMIT_RATIO(ValueType.SCALAR, true);

  private final ValueType parameter;
  private final boolean experimental;

  AggregateOperator(ValueType parameter, boolean experimental) {
    this.parameter = parameter;
    this.experimental = experimental;
  }

  public String symbol() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Type of the parameter in front of the vector, {@link ValueType#NONE} for those without. */
  public ValueType parameter() {
    return parameter;
  }

  public boolean hasParameter() {
    return parameter != ValueType.NONE;
  }

  public boolean experimental() {
    return experimental;
  }
}
