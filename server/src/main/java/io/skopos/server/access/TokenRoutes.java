// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.access;

import io.skopos.web.Body;
import io.skopos.web.ErrorShape;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import io.skopos.web.access.Caller;
import io.skopos.web.access.Right;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;

/**
 * {@code /api/v1/tokens}: lists, makes and revokes tokens. Nobody gives away more than they have,
 * or sees and revokes tokens that may do more than themselves.
 */
public final class TokenRoutes {

  private static final int MAX_BODY_BYTES = 256 * 1024;

  private final TokenStore tokens;
  private final InstantSource clock;

  public TokenRoutes(TokenStore tokens, InstantSource clock) {
    this.tokens = tokens;
    this.clock = clock;
  }

  public void register(Routes routes) {
    routes
        .familyBeforeReady(ErrorShape.JSON, Right.ADMIN)
        .withoutTenant()
        .get("/api/v1/tokens", this::list)
        .post("/api/v1/tokens", this::create)
        .delete("/api/v1/tokens/{name}", this::revoke);
  }

  private Response list(Request request) {
    Caller caller = request.caller();
    List<Token> visible =
        tokens.list().stream().filter(token -> caller.covers(token.caller())).toList();
    return Response.json(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringField("status", "success");
          json.writeArrayFieldStart("data");
          for (Token token : visible) {
            json.writeStartObject();
            TokenJson.write(json, token);
            json.writeEndObject();
          }
          json.writeEndArray();
          json.writeEndObject();
        });
  }

  private Response create(Request request) throws IOException {
    Body body = request.body();
    if (body.length() > MAX_BODY_BYTES) {
      throw HttpError.tooLarge(
          "the body has " + body.length() + " bytes, the limit is " + MAX_BODY_BYTES);
    }
    Caller wanted = TokenJson.wanted(body.bytes(), body.length(), clock.instant());
    request.auditDetail(
        "token " + wanted + " for " + wanted.tenantText() + " with " + Right.text(wanted.rights()));
    if (!request.caller().covers(wanted)) {
      throw new HttpError(
          403,
          "forbidden",
          request.caller()
              + " has the tenants "
              + request.caller().tenantText()
              + " and the rights "
              + Right.text(request.caller().rights())
              + " and cannot give away more");
    }
    String user = request.user();
    String secret = tokens.create(wanted, user == null ? "" : user);
    Token token = tokens.named(String.valueOf(wanted.name()));
    return Response.json(
        200,
        json -> {
          json.writeStartObject();
          json.writeStringField("status", "success");
          json.writeObjectFieldStart("data");
          json.writeStringField("token", secret);
          if (token != null) {
            TokenJson.write(json, token);
          }
          json.writeEndObject();
          json.writeEndObject();
        });
  }

  private Response revoke(Request request) throws IOException {
    String name = request.pathParameter("name");
    Token token = tokens.named(name);
    request.auditDetail("token '" + name + "'");
    if (token == null || !request.caller().covers(token.caller()) || !tokens.revoke(name)) {
      throw new HttpError(404, "not_found", "there is no token named '" + name + "'");
    }
    return Response.empty(204);
  }
}
