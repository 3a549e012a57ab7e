// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

/** What is made of the series of a group. */
public enum VectorOperator {
  SUM("sum"),
  AVG("avg"),
  MAX("max"),
  MIN("min"),
  COUNT("count"),
  STDDEV("stddev"),
  STDVAR("stdvar"),
  TOPK("topk"),
  BOTTOMK("bottomk"),
  APPROX_TOPK("approx_topk"),
  SORT("sort"),
  SORT_DESC("sort_desc");

  private final String text;

  VectorOperator(String text) {
    this.text = text;
  }

  public String text() {
    return text;
  }

  /** Whether the number of series to choose has to be given. */
  public boolean takesParameter() {
    return this == TOPK || this == BOTTOMK || this == APPROX_TOPK;
  }
}
