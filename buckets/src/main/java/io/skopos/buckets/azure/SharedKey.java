// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.azure;

import io.skopos.buckets.SecretFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Signs each request by the account's key ("Authorize with Shared Key", since 2015-02-21). */
record SharedKey(String account, SecretFile key) implements AzureAccess {

  private static final String[] SIGNED = {
    "content-encoding",
    "content-language",
    "content-length",
    "content-md5",
    "content-type",
    "date",
    "if-modified-since",
    "if-match",
    "if-none-match",
    "if-unmodified-since",
    "range"
  };

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
    StringBuilder text = new StringBuilder(method).append('\n');
    for (String name : SIGNED) {
      if (name.equals("content-length")) {
        text.append(length == 0 ? "" : Long.toString(length));
      } else {
        text.append(headers.getOrDefault(name, ""));
      }
      text.append('\n');
    }
    headers.forEach((name, value) -> {
      if (name.startsWith("x-ms-")) {
        text.append(name).append(':').append(value).append('\n');
      }
    });
    text.append('/').append(account).append(address.getRawPath());
    new TreeMap<>(query)
        .forEach((name, value) -> text.append('\n').append(name).append(':').append(value));
    return "SharedKey " + account + ":" + sign(text.toString());
  }

  private String sign(String text) throws IOException {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(key.read()), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (IllegalArgumentException e) {
      throw new IOException("storage.object_store.credentials.account_key is not base64");
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has HMAC-SHA-256", e);
    }
  }
}
