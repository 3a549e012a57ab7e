// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.azure;

import io.skopos.buckets.rest.AccessToken;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.SortedMap;

/** A token of the machine's or the workload's identity. */
record IdentityToken(AccessToken token) implements AzureAccess {

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
      long length)
      throws IOException {
    return "Bearer " + token.get();
  }
}
