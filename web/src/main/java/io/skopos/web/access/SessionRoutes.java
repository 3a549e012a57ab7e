// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import io.skopos.model.TenantId;
import io.skopos.web.Body;
import io.skopos.web.ErrorShape;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code /api/v1/session}: who a browser is signed in as (GET), sign in with a token or a password
 * (POST), sign out (DELETE). Open to all, as it is the way in.
 */
final class SessionRoutes {

  private static final String PATH = "/api/v1/session";
  private static final int MAX_BODY_BYTES = 16 * 1024;
  private static final JsonFactory JSON = new JsonFactory();

  private final AccessControl access;
  private final String signInPath;

  /**
   * @param signInPath where signing in at a provider begins; empty when there is none
   */
  SessionRoutes(AccessControl access, String signInPath) {
    this.access = access;
    this.signInPath = signInPath;
  }

  void register(Routes routes) {
    routes
        .openFamily(ErrorShape.JSON)
        .get(PATH, request -> Response.json(200, json -> write(json, request, caller(request))))
        .delete(PATH, this::signOut)
        .audited()
        .post(PATH, this::signIn);
  }

  private @Nullable Caller caller(Request request) {
    return access.isOn() ? access.callerOrNull(request.presented()) : Caller.ANYONE;
  }

  private Response signIn(Request request) {
    if (!access.isOn()) {
      return Response.json(200, json -> write(json, request, Caller.ANYONE));
    }
    Presented presented = request.presented();
    String given = authorization(request.body());
    Presented shown =
        given == null
            ? presented
            : new Presented(
                RequestHeaders.builder(presented.headers().method(), PATH)
                    .set(HttpHeaderNames.AUTHORIZATION, given)
                    .build(),
                null);
    Standing standing = access.standing(shown);
    Caller caller = standing == null ? null : standing.now();
    if (standing == null || caller == null) {
      // A form asks, which shows the message itself: no challenge that opens a dialogue.
      throw new HttpError(401, "unauthorized", "the token is not known, was revoked or has expired")
          .header("WWW-Authenticate", "Bearer realm=\"Skopos\"");
    }
    access.sessions().end(presented);
    String secret = access.sessions().begin(standing);
    request.auditDetail("signed in as " + caller);
    return Response.json(200, json -> write(json, request, caller))
        .header("Set-Cookie", access.sessions().cookie(secret, request.isSecure()));
  }

  private Response signOut(Request request) {
    access.sessions().end(request.presented());
    return Response.json(200, json -> write(json, request, access.isOn() ? null : Caller.ANYONE))
        .header("Set-Cookie", Sessions.endedCookie(request.isSecure()));
  }

  /** An Authorization header's value of a body like {@code {"token": "…"}}; null without one. */
  private static @Nullable String authorization(Body body) {
    if (body.length() == 0) {
      return null;
    }
    if (body.length() > MAX_BODY_BYTES) {
      throw HttpError.tooLarge(
          "the body has " + body.length() + " bytes, the limit is " + MAX_BODY_BYTES);
    }
    String token = null;
    String user = null;
    String password = null;
    try (JsonParser json = JSON.createParser(body.bytes(), 0, body.length())) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw HttpError.badData("the body must be a JSON object with token, or user and password");
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String field = json.currentName();
        if (json.nextToken() != JsonToken.VALUE_STRING) {
          throw HttpError.badData(field + ": must be a text");
        }
        switch (field) {
          case "token" -> token = json.getText().strip();
          case "user" -> user = json.getText();
          case "password" -> password = json.getText();
          default ->
              throw HttpError.badData(
                  field + ": unknown field; known are token, user and password");
        }
      }
    } catch (IOException e) {
      throw HttpError.badData("the body is not JSON with token, or user and password");
    }
    if (token != null && user == null && password == null) {
      return "Bearer " + token;
    }
    if (token == null && user != null && password != null) {
      byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
      return "Basic " + Base64.getEncoder().encodeToString(pair);
    }
    throw HttpError.badData("give either token, or user and password");
  }

  private void write(JsonGenerator json, Request request, @Nullable Caller caller)
      throws IOException {
    json.writeStartObject();
    json.writeStringField("status", "success");
    json.writeObjectFieldStart("data");
    json.writeBooleanField("access", access.isOn());
    json.writeBooleanField("signedIn", access.isOn() && caller != null);
    if (!signInPath.isEmpty()) {
      json.writeStringField("signIn", signInPath);
    }
    if (caller != null) {
      json.writeStringField("name", caller.name() == null ? "" : caller.name());
      json.writeArrayFieldStart("tenants");
      Set<TenantId> tenants = caller.tenants();
      if (tenants == null) {
        json.writeString("*");
      } else {
        for (TenantId tenant : tenants.stream().sorted().toList()) {
          json.writeString(tenant.value());
        }
      }
      json.writeEndArray();
      json.writeArrayFieldStart("rights");
      for (Right right : caller.rights().stream().sorted().toList()) {
        json.writeString(right.key());
      }
      json.writeEndArray();
      if (caller.expires() != null) {
        json.writeStringField("expires", caller.expires().toString());
      }
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
