// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.azure;

import java.net.URI;
import java.util.Map;
import java.util.SortedMap;

/** Asks as nobody. */
record NoAccess() implements AzureAccess {

  @Override
  public String query() {
    return "";
  }

  @Override
  public String authorization(
      String method,
      URI address,
      SortedMap<String, String> headers,
      Map<String, String> query,
      long length) {
    return "";
  }
}
