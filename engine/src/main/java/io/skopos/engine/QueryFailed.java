// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.engine;

/**
 * A query cannot be answered because its data does not fit its operators. The text is for the user
 * as it is. (Texts that do not parse and spent budgets have exceptions of their own.)
 */
public final class QueryFailed extends RuntimeException {

  private static final long serialVersionUID = 1L;

  public QueryFailed(String message) {
    super(message);
  }
}
