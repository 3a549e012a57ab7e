// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language;

/**
 * A query cannot be answered: its data does not fit its operators. The text is Prometheus', for the
 * user. (Texts that do not parse and spent budgets have exceptions of their own.)
 */
public final class QueryFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public QueryFailed(String message) {
    super(message);
  }
}
