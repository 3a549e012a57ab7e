// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.language.ast;

import io.skopos.logs.language.pipeline.Comparison;
import io.skopos.model.Matcher;

/** A condition on the labels an entry has at that point of its pipeline. */
public sealed interface LabelFilter {

  /** Both; the right one is looked at even where the left one fails. */
  record And(LabelFilter left, LabelFilter right) implements LabelFilter {}

  /** Either; the right one is looked at only where the left one fails. */
  record Or(LabelFilter left, LabelFilter right) implements LabelFilter {}

  /** As a text: {@code level="error"}. */
  record Text(Matcher matcher) implements LabelFilter {}

  /** As a number: {@code status>=500}. */
  record Number(String name, Comparison comparison, double value) implements LabelFilter {}

  /** As a duration: {@code latency>250ms}. */
  record Duration(String name, Comparison comparison, long nanos) implements LabelFilter {}

  /** As a size: {@code size>10KB}. */
  record Bytes(String name, Comparison comparison, long bytes) implements LabelFilter {}

  /** As an address: {@code addr=ip("10.0.0.0/8")}. */
  record Ip(String name, boolean negative, String range) implements LabelFilter {}
}
