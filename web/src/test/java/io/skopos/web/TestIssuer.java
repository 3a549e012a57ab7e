// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JOSEObjectType;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSSigner;
import com.nimbusds.jose.crypto.ECDSASigner;
import com.nimbusds.jose.crypto.RSASSASigner;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.JWK;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Date;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** A small OpenID provider on a socket: discovery, keys, and the code flow with PKCE. */
final class TestIssuer implements AutoCloseable {

  static final String CLIENT = "skopos-ui";

  final AtomicInteger keyFetches = new AtomicInteger();
  volatile boolean keysBroken;

  private final HttpServer server;
  private final List<JWK> keys = new ArrayList<>();
  private final Map<String, Map<String, String>> codes = new ConcurrentHashMap<>();

  TestIssuer() throws Exception {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 10);
    server.createContext(
        "/.well-known/openid-configuration",
        exchange ->
            answer(
                exchange,
                200,
                "{\"issuer\":\"%1$s\",\"jwks_uri\":\"%1$s/keys\",\"authorization_endpoint\":\"%1$s/authorize\",\"token_endpoint\":\"%1$s/token\",\"scopes_supported\":[\"openid\"]}"
                    .formatted(url())));
    server.createContext(
        "/keys",
        exchange -> {
          keyFetches.incrementAndGet();
          answer(exchange, keysBroken ? 500 : 200, new JWKSet(keys).toString());
        });
    server.createContext("/token", this::exchangeCode);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  RSAKey rsaKey(String id) throws JOSEException {
    RSAKey key = new RSAKeyGenerator(2048).keyID(id).generate();
    keys.add(key);
    return key;
  }

  ECKey ecKey(String id) throws JOSEException {
    ECKey key = new ECKeyGenerator(Curve.P_256).keyID(id).generate();
    keys.add(key);
    return key;
  }

  void forget(JWK key) {
    keys.remove(key);
  }

  JWTClaimsSet.Builder claims() {
    return new JWTClaimsSet.Builder()
        .issuer(url())
        .subject("ann")
        .audience("skopos")
        .issueTime(new Date())
        .expirationTime(Date.from(Instant.now().plusSeconds(300)));
  }

  static String sign(JWK key, JWSAlgorithm algorithm, JWTClaimsSet claims) throws JOSEException {
    SignedJWT token =
        new SignedJWT(
            new JWSHeader.Builder(algorithm)
                .keyID(key.getKeyID())
                .type(new JOSEObjectType("at+jwt"))
                .build(),
            claims);
    JWSSigner signer =
        key instanceof RSAKey rsa ? new RSASSASigner(rsa) : new ECDSASigner(key.toECKey());
    token.sign(signer);
    return token.serialize();
  }

  /** What the provider's page would do once someone has signed in there. */
  String code(Map<String, String> asked) {
    String code = "code-" + codes.size();
    codes.put(code, asked);
    return code;
  }

  private void exchangeCode(HttpExchange exchange) throws IOException {
    Map<String, String> form =
        parameters(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
    Map<String, String> asked = codes.remove(form.getOrDefault("code", ""));
    try {
      String challenge =
          Base64.getUrlEncoder()
              .withoutPadding()
              .encodeToString(
                  MessageDigest.getInstance("SHA-256")
                      .digest(
                          form.getOrDefault("code_verifier", "")
                              .getBytes(StandardCharsets.US_ASCII)));
      if (asked == null
          || !challenge.equals(asked.get("code_challenge"))
          || !Objects.equals(form.get("redirect_uri"), asked.get("redirect_uri"))) {
        answer(exchange, 400, "{\"error\":\"invalid_grant\"}");
        return;
      }
      JWTClaimsSet claims =
          claims()
              .audience(CLIENT)
              .claim("nonce", asked.get("nonce"))
              .claim("groups", List.of("sre"))
              .build();
      answer(
          exchange,
          200,
          "{\"access_token\":\"x\",\"token_type\":\"Bearer\",\"expires_in\":300,\"id_token\":\""
              + sign(keys.getFirst(), JWSAlgorithm.RS256, claims)
              + "\"}");
    } catch (Exception e) {
      answer(exchange, 500, "{}");
    }
  }

  static Map<String, String> parameters(String encoded) {
    Map<String, String> parameters = new HashMap<>();
    for (String pair : encoded.split("&")) {
      int equals = pair.indexOf('=');
      parameters.put(
          pair.substring(0, equals),
          URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
    }
    return parameters;
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.getResponseHeaders().set("Content-Type", "application/json");
    exchange.sendResponseHeaders(status, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
