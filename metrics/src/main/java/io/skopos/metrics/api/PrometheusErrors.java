// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.web.ErrorShape;
import io.skopos.web.HttpError;
import io.skopos.web.Response;

/** The envelope of failed answers: {@code {"status":"error","errorType":…,"error":…}}. */
final class PrometheusErrors implements ErrorShape {

  @Override
  public Response render(HttpError error) {
    return JSON.render(error);
  }
}
