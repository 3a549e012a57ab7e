// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.RemoteKeySourceException;
import com.nimbusds.jose.jwk.source.JWKSource;
import com.nimbusds.jose.jwk.source.JWKSourceBuilder;
import com.nimbusds.jose.proc.BadJOSEException;
import com.nimbusds.jose.proc.JWSVerificationKeySelector;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.Resource;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.proc.DefaultJWTClaimsVerifier;
import com.nimbusds.jwt.proc.DefaultJWTProcessor;
import io.skopos.web.HttpError;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Date;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Callers by tokens that an OpenID provider has signed. The provider's keys are fetched when a
 * token names one that is not known, at most once in a while, and kept; right tokens are remembered
 * until they expire, a bounded number. Only signatures by private keys count, never shared secrets
 * or none. Thread-safe.
 */
final class OidcTokens implements CallerSource {

  private static final Logger LOG = LoggerFactory.getLogger(OidcTokens.class);
  private static final int MAX_TOKEN_CHARS = 16 * 1024;
  private static final int MAX_REMEMBERED = 10_000;
  private static final Duration KEYS_LIVE = Duration.ofMinutes(15);
  private static final Duration KEYS_REFETCH = Duration.ofSeconds(10);
  private static final Duration KEYS_PATIENCE = Duration.ofSeconds(10);

  private static final Set<JWSAlgorithm> ALGORITHMS =
      Set.of(
          JWSAlgorithm.RS256,
          JWSAlgorithm.RS384,
          JWSAlgorithm.RS512,
          JWSAlgorithm.PS256,
          JWSAlgorithm.PS384,
          JWSAlgorithm.PS512,
          JWSAlgorithm.ES256,
          JWSAlgorithm.ES384,
          JWSAlgorithm.ES512);

  private final OidcClaims mapping;
  private final InstantSource clock;
  private final DefaultJWTProcessor<SecurityContext> processor;
  private final Map<String, Caller> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Caller> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };

  OidcTokens(OidcConfig config, OidcProvider provider, InstantSource clock) {
    this.mapping = new OidcClaims(config);
    this.clock = clock;
    this.processor = new DefaultJWTProcessor<>();
    processor.setJWSKeySelector(
        new JWSVerificationKeySelector<>(ALGORITHMS, keys(config, provider)));
    // Also access tokens of RFC 9068, whose type is at+jwt.
    processor.setJWSTypeVerifier((_, _) -> {});
    Set<String> audience = new HashSet<>(config.audience());
    if (audience.isEmpty()) {
      audience.add(config.clientId());
    }
    DefaultJWTClaimsVerifier<SecurityContext> verifier =
        new DefaultJWTClaimsVerifier<>(
            audience,
            new JWTClaimsSet.Builder().issuer(config.issuer()).build(),
            Set.of("exp", "sub"),
            null) {
          @Override
          protected Date currentTime() {
            return Date.from(clock.instant());
          }
        };
    verifier.setMaxClockSkew((int) config.clockSkew().toSeconds());
    processor.setJWTClaimsSetVerifier(verifier);
  }

  private static JWKSource<SecurityContext> keys(OidcConfig config, OidcProvider provider) {
    try {
      return JWKSourceBuilder.<SecurityContext>create(
              // Where the keys are is asked of the provider when they are fetched.
              URI.create(config.issuer()).toURL(),
              _ -> {
                byte[] keys = provider.get(provider.endpoints().keys());
                return new Resource(new String(keys, StandardCharsets.UTF_8), "application/json");
              })
          .cache(KEYS_LIVE.toMillis(), KEYS_PATIENCE.toMillis())
          .rateLimited(KEYS_REFETCH.toMillis())
          .refreshAheadCache(false)
          .build();
    } catch (IOException e) {
      throw new IllegalArgumentException("oidc.issuer is no address: " + e.getMessage(), e);
    }
  }

  @Override
  public @Nullable Standing find(Presented presented) {
    String token = presented.authorization("Bearer");
    if (token == null || !looksLikeJwt(token)) {
      return null;
    }
    Caller caller = caller(token);
    return () -> {
      Instant expires = caller.expires();
      return expires == null || clock.instant().isBefore(expires) ? caller : null;
    };
  }

  /** Three parts of base64url; our own tokens and others' have no dots. */
  private static boolean looksLikeJwt(String token) {
    return token.length() <= MAX_TOKEN_CHARS
        && token.startsWith("ey")
        && token.chars().filter(c -> c == '.').count() == 2;
  }

  private Caller caller(String token) {
    String hash = Secrets.sha256Hex(token);
    synchronized (remembered) {
      Caller known = remembered.get(hash);
      if (known != null && !isOver(known)) {
        return known;
      }
    }
    Caller caller = mapping.caller(verified(token));
    synchronized (remembered) {
      remembered.put(hash, caller);
    }
    return caller;
  }

  private boolean isOver(Caller caller) {
    return caller.expires() != null && !clock.instant().isBefore(caller.expires());
  }

  Caller callerOf(JWTClaimsSet claims) {
    return mapping.caller(claims);
  }

  /**
   * @throws HttpError 401 with why, 503 when the provider's keys cannot be had
   */
  JWTClaimsSet verified(String token) {
    try {
      return processor.process(token, null);
    } catch (RemoteKeySourceException e) {
      LOG.warn("the OpenID provider's keys cannot be fetched: {}", e.getMessage());
      throw HttpError.unavailable(
          "the OpenID provider's keys cannot be fetched; the server's log has the cause",
          KEYS_REFETCH);
    } catch (KeySourceException e) {
      throw HttpError.unavailable(
          "the OpenID provider's keys were asked for too often; try again", KEYS_REFETCH);
    } catch (ParseException e) {
      throw refused("it is not a signed JWT");
    } catch (BadJOSEException e) {
      throw refused(String.valueOf(e.getMessage()));
    } catch (JOSEException e) {
      throw refused("its signature cannot be verified");
    }
  }

  private static HttpError refused(String why) {
    return new HttpError(401, "unauthorized", "the OpenID token is refused: " + why)
        .header("WWW-Authenticate", "Bearer realm=\"Skopos\", error=\"invalid_token\"");
  }
}
