// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import com.nimbusds.jwt.JWTClaimsSet;
import io.skopos.web.ErrorShape;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signing in to the web UI at an OpenID provider: the authorization code flow with PKCE. {@code GET
 * /api/v1/session/oidc?return=/path} sends the browser to the provider, which sends it back to
 * {@code …/oidc/callback}; there the code is exchanged and a session begins. What is under way is
 * kept in memory, a bounded number for a few minutes, and bound to the browser by a cookie.
 */
final class OidcSignIn {

  private static final Logger LOG = LoggerFactory.getLogger(OidcSignIn.class);
  static final String PATH = "/api/v1/session/oidc";
  private static final String COOKIE = "skopos_sign_in";
  private static final Duration LASTS = Duration.ofMinutes(10);
  private static final int MAX_UNDER_WAY = 1000;

  private final OidcConfig config;
  private final String externalUrl;
  private final OidcProvider provider;
  private final OidcTokens tokens;
  private final Sessions sessions;
  private final InstantSource clock;
  private final Map<String, UnderWay> byState =
      new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, UnderWay> eldest) {
          return size() > MAX_UNDER_WAY;
        }
      };

  private record UnderWay(
      String verifier, String nonce, String browser, String redirect, String back, Instant ends) {}

  OidcSignIn(
      OidcConfig config,
      String externalUrl,
      OidcProvider provider,
      OidcTokens tokens,
      Sessions sessions,
      InstantSource clock) {
    this.config = config;
    this.externalUrl = externalUrl;
    this.provider = provider;
    this.tokens = tokens;
    this.sessions = sessions;
    this.clock = clock;
  }

  void register(Routes routes) {
    routes
        .openFamily(ErrorShape.PLAIN_TEXT)
        .get(PATH, this::begin)
        .audited()
        .get(PATH + "/callback", this::finish);
  }

  private Response begin(Request request) {
    URI authorization = endpoints().authorization();
    if (authorization == null) {
      throw new HttpError(502, "unavailable", "the OpenID provider has no authorization endpoint");
    }
    String state = Secrets.draw();
    String browser = Secrets.draw();
    UnderWay underWay =
        new UnderWay(
            Secrets.draw(),
            Secrets.draw(),
            Secrets.sha256Hex(browser),
            redirect(request),
            ownPath(request.queryParameters().getOrEmpty("return")),
            clock.instant().plus(LASTS));
    synchronized (byState) {
      byState.put(state, underWay);
    }
    String challenge =
        Base64.getUrlEncoder()
            .withoutPadding()
            .encodeToString(
                Secrets.sha256(underWay.verifier().getBytes(StandardCharsets.US_ASCII)));
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("response_type", "code");
    parameters.put("client_id", config.clientId());
    parameters.put("redirect_uri", underWay.redirect());
    parameters.put("scope", String.join(" ", config.scopes()));
    parameters.put("state", state);
    parameters.put("nonce", underWay.nonce());
    parameters.put("code_challenge", challenge);
    parameters.put("code_challenge_method", "S256");
    String base = authorization.toString();
    return Response.empty(302)
        .header("Location", base + (base.indexOf('?') < 0 ? "?" : "&") + form(parameters))
        .header("Cache-Control", "no-store")
        .header(
            "Set-Cookie",
            // Lax: the browser comes back from the provider's site and must show it then.
            COOKIE
                + "="
                + browser
                + "; Path="
                + PATH
                + "; Max-Age="
                + LASTS.toSeconds()
                + "; HttpOnly; SameSite=Lax"
                + (request.isSecure() ? "; Secure" : ""));
  }

  private Response finish(Request request) {
    String state = request.queryParameters().getOrEmpty("state");
    UnderWay underWay;
    synchronized (byState) {
      underWay = byState.remove(state);
    }
    String browser = request.presented().cookie(COOKIE);
    if (underWay == null
        || browser == null
        || !Secrets.sha256Hex(browser).equals(underWay.browser())
        || !clock.instant().isBefore(underWay.ends())) {
      throw HttpError.badData(
          "this sign-in was not begun in this browser, or took too long; begin again");
    }
    String code = request.queryParameters().getOrEmpty("code");
    if (code.isEmpty()) {
      throw new HttpError(
          401,
          "unauthorized",
          "the OpenID provider refused: "
              + shown(request.queryParameters().getOrEmpty("error"))
              + " "
              + shown(request.queryParameters().getOrEmpty("error_description")));
    }
    JWTClaimsSet claims = tokens.verified(idToken(code, underWay));
    if (!underWay.nonce().equals(claims.getClaim("nonce"))
        || !claims.getAudience().contains(config.clientId())) {
      throw new HttpError(401, "unauthorized", "the OpenID token was not made for this sign-in");
    }
    Caller caller = tokens.callerOf(claims);
    request.auditDetail("signed in as " + caller);
    // The ID token ends within minutes and says only that someone signed in: the session lasts.
    Caller inSession = new Caller(caller.name(), caller.tenants(), caller.rights(), null);
    String secret = sessions.begin(() -> inSession);
    // A page that goes on by itself: only then does the browser send the strict cookie.
    return Response.bytes(
            200,
            "text/html; charset=utf-8",
            ("<!doctype html><meta http-equiv=\"refresh\" content=\"0;url="
                    + escaped(underWay.back())
                    + "\"><title>Signed in</title>")
                .getBytes(StandardCharsets.UTF_8))
        .header("Cache-Control", "no-store")
        .header("Set-Cookie", sessions.cookie(secret, request.isSecure()));
  }

  private String idToken(String code, UnderWay underWay) {
    URI endpoint = endpoints().token();
    if (endpoint == null) {
      throw new HttpError(502, "unavailable", "the OpenID provider has no token endpoint");
    }
    Map<String, String> parameters = new LinkedHashMap<>();
    parameters.put("grant_type", "authorization_code");
    parameters.put("code", code);
    parameters.put("redirect_uri", underWay.redirect());
    parameters.put("client_id", config.clientId());
    parameters.put("code_verifier", underWay.verifier());
    try {
      String idToken =
          provider.post(endpoint, form(parameters), clientAuthorization()).get("id_token");
      if (idToken == null) {
        throw new IOException("the answer has no id_token; is openid among the scopes?");
      }
      return idToken;
    } catch (IOException e) {
      LOG.warn("a code could not be exchanged at the OpenID provider: {}", e.getMessage());
      throw new HttpError(
          502,
          "unavailable",
          "the OpenID provider did not exchange the code; the server's log has the cause");
    }
  }

  private @Nullable String clientAuthorization() throws IOException {
    if (config.clientSecretFile().isEmpty()) {
      return null;
    }
    String secret = Files.readString(Path.of(config.clientSecretFile())).strip();
    String pair = encoded(config.clientId()) + ":" + encoded(secret);
    return "Basic " + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.US_ASCII));
  }

  private OidcProvider.Endpoints endpoints() {
    try {
      return provider.endpoints();
    } catch (IOException e) {
      LOG.warn("the OpenID provider cannot be asked: {}", e.getMessage());
      throw HttpError.unavailable(
          "the OpenID provider cannot be asked; the server's log has the cause",
          Duration.ofSeconds(10));
    }
  }

  private String redirect(Request request) {
    String base =
        externalUrl.isEmpty()
            ? (request.isSecure() ? "https://" : "http://")
                + request.presented().headers().authority()
            : externalUrl.endsWith("/")
                ? externalUrl.substring(0, externalUrl.length() - 1)
                : externalUrl;
    return base + PATH + "/callback";
  }

  /** A path of ours, so that nobody is sent elsewhere. */
  private static String ownPath(String path) {
    return path.startsWith("/")
            && !path.startsWith("//")
            && path.indexOf('\\') < 0
            && path.chars().allMatch(c -> c > ' ' && c < 127)
        ? path
        : "/";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("\"", "&quot;").replace("<", "&lt;");
  }

  private static String shown(String text) {
    String plain = text.replaceAll("[^\\x20-\\x7e]", "?");
    return plain.length() > 200 ? plain.substring(0, 200) : plain;
  }

  private static String form(Map<String, String> parameters) {
    StringBuilder form = new StringBuilder();
    parameters.forEach((name, value) ->
        form.append(form.isEmpty() ? "" : "&").append(name).append('=').append(encoded(value)));
    return form.toString();
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }
}
