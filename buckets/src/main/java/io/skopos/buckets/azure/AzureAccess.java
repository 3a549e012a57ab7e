// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.azure;

import java.io.IOException;
import java.net.URI;
import java.util.Map;
import java.util.SortedMap;

/** Who asks: makes a request acceptable to the store. Thread-safe. */
sealed interface AzureAccess permits SharedKey, SharedAccessSignature, IdentityToken, NoAccess {

  /** What is put behind the address, beginning with an ampersand, or empty. */
  String query() throws IOException;

  /**
   * The {@code Authorization} header, or empty.
   *
   * @param headers those of the request, by name in lower case
   * @param query its values as they mean, by name
   */
  String authorization(
      String method,
      URI address,
      SortedMap<String, String> headers,
      Map<String, String> query,
      long length)
      throws IOException;
}
