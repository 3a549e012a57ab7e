// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.crypto.MACSigner;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jwt.PlainJWT;
import com.nimbusds.jwt.SignedJWT;
import io.skopos.web.access.AccessConfig;
import io.skopos.web.access.OidcConfig;
import io.skopos.web.access.Right;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class OidcTest {

  private static RunningServer trusting(TestIssuer issuer) throws Exception {
    OidcConfig oidc =
        new OidcConfig(
            issuer.url(),
            List.of("skopos", TestIssuer.CLIENT),
            "sub",
            "skopos_tenants",
            "skopos_rights",
            List.of(
                new OidcConfig.Grant("groups", "sre", List.of("*"), List.of("*")),
                new OidcConfig.Grant("groups", "dev", List.of("shop"), List.of("read"))),
            Duration.ofSeconds(30),
            "",
            TestIssuer.CLIENT,
            "",
            List.of("openid"));
    return new RunningServer(
        config -> {
          config.access = AccessConfig.OPEN.withOidc(oidc);
          return config;
        },
        routes ->
            routes
                .family(ErrorShape.JSON, Right.READ)
                .get(
                    "/who",
                    request ->
                        Response.text(
                            200,
                            request.user()
                                + " "
                                + request.tenant()
                                + " "
                                + request.caller().tenantText()
                                + " "
                                + Right.text(request.caller().rights()))));
  }

  private static String who(RunningServer running, String token, String... headers)
      throws Exception {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Authorization";
    all[1] = "Bearer " + token;
    HttpResponse<String> answer = running.get("/who", all);
    return answer.statusCode() + " " + answer.body();
  }

  @Test
  void signedTokensOpenWhatTheirClaimsSay() throws Exception {
    try (TestIssuer issuer = new TestIssuer();
        RunningServer running = trusting(issuer)) {
      RSAKey rsa = issuer.rsaKey("rsa-1");
      ECKey ec = issuer.ecKey("ec-1");
      var direct =
          issuer
              .claims()
              .claim("skopos_tenants", "shop")
              .claim("skopos_rights", List.of("read", "write", "fly"))
              .build();
      for (JWSAlgorithm algorithm : List.of(JWSAlgorithm.RS256, JWSAlgorithm.PS256)) {
        assertThat(who(running, TestIssuer.sign(rsa, algorithm, direct)))
            .isEqualTo("200 ann shop shop read,write");
      }
      String byCurve = TestIssuer.sign(ec, JWSAlgorithm.ES256, direct);
      assertThat(who(running, byCurve)).isEqualTo("200 ann shop shop read,write");
      assertThat(who(running, byCurve)).isEqualTo("200 ann shop shop read,write");
      assertThat(issuer.keyFetches).as("keys are kept").hasValue(1);

      var developer = issuer.claims().claim("groups", List.of("dev", "other")).build();
      assertThat(who(running, TestIssuer.sign(rsa, JWSAlgorithm.RS256, developer)))
          .isEqualTo("200 ann shop shop read");
      var engineer = issuer.claims().claim("groups", "dev sre").build();
      assertThat(
              who(
                  running,
                  TestIssuer.sign(rsa, JWSAlgorithm.RS256, engineer),
                  "X-Scope-OrgID",
                  "any"))
          .isEqualTo("200 ann any * read,write,admin,act");
      var nobody = issuer.claims().build();
      assertThat(who(running, TestIssuer.sign(rsa, JWSAlgorithm.RS256, nobody)))
          .startsWith("403")
          .contains("needs the right read");
    }
  }

  @Test
  void whatIsNotForUsOrNotTrueIsRefused() throws Exception {
    try (TestIssuer issuer = new TestIssuer();
        TestIssuer other = new TestIssuer();
        RunningServer running = trusting(issuer)) {
      RSAKey key = issuer.rsaKey("k");
      RSAKey foreign = other.rsaKey("k");
      var good = issuer.claims().claim("skopos_tenants", "a").claim("skopos_rights", "read");
      assertThat(who(running, TestIssuer.sign(key, JWSAlgorithm.RS256, good.build())))
          .startsWith("200");
      assertThat(who(running, TestIssuer.sign(foreign, JWSAlgorithm.RS256, good.build())))
          .as("another's signature")
          .startsWith("401");
      assertThat(who(running, new PlainJWT(good.build()).serialize()))
          .as("no signature")
          .startsWith("401");
      SignedJWT shared = new SignedJWT(new JWSHeader(JWSAlgorithm.HS256), good.build());
      shared.sign(new MACSigner(new byte[32]));
      assertThat(who(running, shared.serialize())).as("a shared secret").startsWith("401");
      String[] refused = {
        TestIssuer.sign(key, JWSAlgorithm.RS256, good.audience("someone-else").build()),
        TestIssuer.sign(
            key, JWSAlgorithm.RS256, good.audience("skopos").issuer("http://evil").build()),
        TestIssuer.sign(
            key,
            JWSAlgorithm.RS256,
            good.issuer(issuer.url())
                .expirationTime(Date.from(Instant.now().minusSeconds(60)))
                .build()),
        TestIssuer.sign(
            key,
            JWSAlgorithm.RS256,
            good.expirationTime(Date.from(Instant.now().plusSeconds(60)))
                .notBeforeTime(Date.from(Instant.now().plusSeconds(50)))
                .build()),
        TestIssuer.sign(
            key, JWSAlgorithm.RS256, good.notBeforeTime(null).expirationTime(null).build())
      };
      for (String token : refused) {
        assertThat(who(running, token)).startsWith("401").contains("the OpenID token is refused");
      }
      assertThat(
              who(
                  running,
                  TestIssuer.sign(
                      key,
                      JWSAlgorithm.RS256,
                      good.expirationTime(Date.from(Instant.now().plusSeconds(60)))
                          .notBeforeTime(Date.from(Instant.now().plusSeconds(20)))
                          .build())))
          .as("within the clocks' difference")
          .startsWith("200");
      assertThat(who(running, "ey.ey.ey")).startsWith("401");
      assertThat(who(running, "eyJ" + "x".repeat(30_000) + ".a.b")).startsWith("401");
      assertThat(who(running, "plain")).startsWith("401");
    }
  }

  @Test
  void aProviderWithoutKeysIsUnavailableNotWrong() throws Exception {
    try (TestIssuer issuer = new TestIssuer();
        RunningServer running = trusting(issuer)) {
      issuer.keysBroken = true;
      RSAKey key = issuer.rsaKey("k");
      String token = TestIssuer.sign(key, JWSAlgorithm.RS256, issuer.claims().build());
      assertThat(who(running, token)).startsWith("503").contains("the OpenID provider's keys");
    }
  }

  @Test
  void keysChange() throws Exception {
    try (TestIssuer issuer = new TestIssuer();
        RunningServer running = trusting(issuer)) {
      RSAKey first = issuer.rsaKey("first");
      var claims = issuer.claims().claim("skopos_tenants", "a").claim("skopos_rights", "*").build();
      String token = TestIssuer.sign(first, JWSAlgorithm.RS256, claims);
      assertThat(who(running, token)).startsWith("200");

      RSAKey second = issuer.rsaKey("second");
      issuer.forget(first);
      String renewed = TestIssuer.sign(second, JWSAlgorithm.RS256, claims);
      assertThat(who(running, renewed)).as("an unknown key is asked for").startsWith("200");
      int fetches = issuer.keyFetches.get();
      RSAKey unknown = new com.nimbusds.jose.jwk.gen.RSAKeyGenerator(2048).keyID("x").generate();
      for (int i = 0; i < 5; i++) {
        assertThat(who(running, TestIssuer.sign(unknown, JWSAlgorithm.RS256, claims)))
            .matches("(?s)(401|503).*");
      }
      assertThat(issuer.keyFetches.get() - fetches)
          .as("made-up keys do not make us ask for ever")
          .isLessThanOrEqualTo(1);
    }
  }

  @Test
  void peopleSignInAtTheProviderAndGetASession() throws Exception {
    try (TestIssuer issuer = new TestIssuer();
        RunningServer running = trusting(issuer)) {
      issuer.rsaKey("k");
      assertThat(running.get("/api/v1/session").body())
          .contains("\"signedIn\":false,\"signIn\":\"/api/v1/session/oidc\"");
      HttpResponse<String> begun = running.get("/api/v1/session/oidc?return=/explore%3Fq=1%262");
      assertThat(begun.statusCode()).isEqualTo(302);
      URI provider = URI.create(begun.headers().firstValue("Location").orElseThrow());
      Map<String, String> asked = TestIssuer.parameters(provider.getRawQuery());
      assertThat(asked)
          .containsEntry("response_type", "code")
          .containsEntry("client_id", TestIssuer.CLIENT)
          .containsEntry("code_challenge_method", "S256")
          .containsEntry(
              "redirect_uri",
              "http://127.0.0.1:" + running.server.port() + "/api/v1/session/oidc/callback");
      String binding = pair(begun);
      String back = "/api/v1/session/oidc/callback?code=" + issuer.code(asked) + "&state=";

      assertThat(running.get(back + asked.get("state")).statusCode())
          .as("another browser")
          .isEqualTo(400);
      assertThat(running.get(back + asked.get("state"), "Cookie", binding).statusCode())
          .as("the sign-in was used up by that")
          .isEqualTo(400);

      begun = running.get("/api/v1/session/oidc?return=//evil.example");
      asked =
          TestIssuer.parameters(
              URI.create(begun.headers().firstValue("Location").orElseThrow()).getRawQuery());
      HttpResponse<String> in =
          running.get(
              "/api/v1/session/oidc/callback?code="
                  + issuer.code(asked)
                  + "&state="
                  + asked.get("state"),
              "Cookie",
              pair(begun),
              "Sec-Fetch-Site",
              "cross-site",
              "Sec-Fetch-Mode",
              "navigate",
              "Sec-Fetch-Dest",
              "document");
      assertThat(in.statusCode()).as(in.body()).isEqualTo(200);
      assertThat(in.body()).contains("url=/\"").doesNotContain("evil");
      assertThat(in.headers().firstValue("Set-Cookie").orElseThrow())
          .contains("HttpOnly; SameSite=Strict");
      assertThat(running.get("/who", "Cookie", pair(in), "X-Scope-OrgID", "t").body())
          .isEqualTo("ann t * read,write,admin,act");

      begun = running.get("/api/v1/session/oidc");
      asked =
          TestIssuer.parameters(
              URI.create(begun.headers().firstValue("Location").orElseThrow()).getRawQuery());
      String state = asked.get("state");
      asked.put("code_challenge", "stolen");
      assertThat(
              running
                  .get(
                      "/api/v1/session/oidc/callback?code="
                          + issuer.code(asked)
                          + "&state="
                          + state,
                      "Cookie",
                      pair(begun))
                  .statusCode())
          .as("the code was meant for another verifier")
          .isEqualTo(502);
    }
  }

  @Test
  void aProviderWithoutAudienceIsNoConfig() {
    assertThatThrownBy(() ->
            new OidcConfig(
                "http://x",
                List.of(),
                "sub",
                "",
                "",
                List.of(),
                Duration.ZERO,
                "",
                "",
                "",
                List.of()))
        .hasMessageContaining("audience or client_id");
  }

  private static String pair(HttpResponse<String> answer) {
    String cookie = answer.headers().firstValue("Set-Cookie").orElseThrow();
    return cookie.substring(0, cookie.indexOf(';'));
  }
}
