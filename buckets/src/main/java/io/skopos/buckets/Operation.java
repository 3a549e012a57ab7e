// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import java.util.Locale;

/** What a request is, in metrics and messages. */
enum Operation {
  PUT,
  GET,
  GET_RANGE,
  HEAD,
  LIST,
  DELETE,
  BEGIN_UPLOAD,
  UPLOAD_PART,
  COMPLETE_UPLOAD,
  ABORT_UPLOAD;

  String label() {
    return toString().toLowerCase(Locale.ROOT);
  }
}
