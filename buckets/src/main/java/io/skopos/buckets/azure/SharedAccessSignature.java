// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.azure;

import io.skopos.buckets.SecretFile;
import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.SortedMap;

/** A signature that somebody with the account's key made, good for some time. */
record SharedAccessSignature(SecretFile signature) implements AzureAccess {

  @Override
  public String query() throws IOException {
    String text = signature.read();
    return "&" + (text.startsWith("?") ? text.substring(1) : text);
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
