// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.serving.query;

import io.skopos.engine.QueryAborted;
import io.skopos.web.HttpError;
import org.jspecify.annotations.Nullable;

/** How a wing words what goes wrong with its queries. Thread-safe. */
public interface QueryErrors {

  /** What the peers answer when the client went first (nginx's code). */
  int CLIENT_CLOSED_REQUEST = 499;

  /** A query was stopped by a limit, its deadline or its caller. */
  HttpError stopped(QueryAborted cause);

  /** What the question's own language throws; null when it is none of that. */
  @Nullable HttpError failed(Exception cause);
}
