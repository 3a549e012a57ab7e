// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.model;

/** One name and value of a label set. An empty value means the label is not there. */
public record Label(String name, String value) {

  /** The label that holds a metric's name. */
  public static final String METRIC_NAME = "__name__";
}
