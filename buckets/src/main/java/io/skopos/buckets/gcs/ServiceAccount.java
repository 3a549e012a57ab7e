// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.gcs;

import io.skopos.buckets.rest.AccessToken;
import io.skopos.buckets.rest.Addresses;
import io.skopos.buckets.rest.JsonFields;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.Signature;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Map;

/** Trades a signed statement of a service account for a token (RFC 7523). */
final class ServiceAccount implements AccessToken.Asking {

  private static final String SCOPE = "https://www.googleapis.com/auth/devstorage.read_write";
  private static final long LIFE_SECONDS = 3600;

  private final String email;
  private final String keyId;
  private final URI tokenAddress;
  private final PrivateKey key;
  private final InstantSource clock;

  private ServiceAccount(
      String email, String keyId, URI tokenAddress, PrivateKey key, InstantSource clock) {
    this.email = email;
    this.keyId = keyId;
    this.tokenAddress = tokenAddress;
    this.key = key;
    this.clock = clock;
  }

  /**
   * @throws IOException naming the file, never what is in it
   */
  static ServiceAccount read(Path file, InstantSource clock) throws IOException {
    try {
      Map<String, String> fields = JsonFields.read(Files.readAllBytes(file));
      if (!"service_account".equals(fields.get("type"))) {
        throw new IOException("its type is not service_account");
      }
      return new ServiceAccount(
          field(fields, "client_email"),
          fields.getOrDefault("private_key_id", ""),
          URI.create(fields.getOrDefault("token_uri", "https://oauth2.googleapis.com/token")),
          privateKey(field(fields, "private_key")),
          clock);
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(
          "storage.object_store.credentials.service_account_file: "
              + file
              + " cannot be used: "
              + e.getMessage());
    }
  }

  @Override
  public HttpRequest request() {
    long now = clock.instant().getEpochSecond();
    String header = "{\"alg\":\"RS256\",\"typ\":\"JWT\",\"kid\":\"" + keyId + "\"}";
    String claims =
        "{\"iss\":\""
            + email
            + "\",\"scope\":\""
            + SCOPE
            + "\",\"aud\":\""
            + tokenAddress
            + "\",\"iat\":"
            + now
            + ",\"exp\":"
            + (now + LIFE_SECONDS)
            + "}";
    String signed =
        base64(header.getBytes(StandardCharsets.UTF_8))
            + "."
            + base64(claims.getBytes(StandardCharsets.UTF_8));
    String statement = signed + "." + base64(sign(signed));
    return HttpRequest.newBuilder(tokenAddress)
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(
            HttpRequest.BodyPublishers.ofString(
                "grant_type="
                    + Addresses.value("urn:ietf:params:oauth:grant-type:jwt-bearer")
                    + "&assertion="
                    + statement))
        .build();
  }

  private byte[] sign(String text) {
    try {
      Signature signature = Signature.getInstance("SHA256withRSA");
      signature.initSign(key);
      signature.update(text.getBytes(StandardCharsets.US_ASCII));
      return signature.sign();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("an RSA key must sign", e);
    }
  }

  private static String field(Map<String, String> fields, String name) throws IOException {
    String value = fields.getOrDefault(name, "");
    if (value.isEmpty()) {
      throw new IOException("it has no " + name);
    }
    return value;
  }

  private static PrivateKey privateKey(String pem) throws IOException {
    String base64 =
        pem.replace("-----BEGIN PRIVATE KEY-----", "").replace("-----END PRIVATE KEY-----", "");
    try {
      return KeyFactory.getInstance("RSA")
          .generatePrivate(new PKCS8EncodedKeySpec(Base64.getMimeDecoder().decode(base64)));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      throw new IOException("its private_key is no RSA key in PKCS#8");
    }
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
