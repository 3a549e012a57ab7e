// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.TenantId;
import io.skopos.web.access.AccessConfig;
import io.skopos.web.access.Caller;
import io.skopos.web.access.Right;
import io.skopos.web.access.Secrets;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SessionTest {

  private static final TenantId A = new TenantId("a");
  private static final TenantId B = new TenantId("b");

  private final Map<String, Caller> tokens = new ConcurrentHashMap<>();
  private final List<Audit.Call> audited = new ArrayList<>();

  private RunningServer guarded() throws Exception {
    tokens.put(
        Secrets.sha256Hex("reader"), new Caller("reader", Set.of(A, B), Set.of(Right.READ), null));
    tokens.put(Secrets.sha256Hex("pusher"), new Caller("pusher", Set.of(A), Right.USUAL, null));
    tokens.put(
        Secrets.sha256Hex("tenant-admin"), new Caller("tenant-admin", Set.of(A), Right.ALL, null));
    tokens.put(Secrets.sha256Hex("root"), new Caller("root", null, Right.ALL, null));
    return new RunningServer(
        config -> {
          config.access = AccessConfig.OPEN.withRequired();
          return config;
        },
        routes -> {
          Handler who = request -> Response.text(200, request.user() + " " + request.tenant());
          routes
              .family(ErrorShape.JSON, Right.READ)
              .get("/read", who)
              .needing(Right.WRITE)
              .post("/write", who)
              .needing(Right.ADMIN)
              .post("/admin", who)
              .forWholeServer()
              .post("/server", who);
        },
        tokens::get,
        call -> {
          synchronized (audited) {
            audited.add(call);
          }
        });
  }

  @Test
  void everyRouteHoldsCallersToItsRight() throws Exception {
    try (RunningServer running = guarded()) {
      assertThat(get(running, "/read", "reader", "a")).isEqualTo("200 reader a");
      assertThat(post(running, "/write", "reader", "a"))
          .startsWith("403")
          .contains("POST /write needs the right write; 'reader' has read");
      assertThat(post(running, "/write", "pusher", "a")).isEqualTo("200 pusher a");
      assertThat(post(running, "/write", "pusher", "b"))
          .startsWith("403")
          .contains("'pusher' has no access to the tenant 'b', only to a");
      assertThat(get(running, "/read", "reader", null))
          .startsWith("403")
          .contains("'reader' has the tenants a,b; name one of them in X-Scope-OrgID");
      assertThat(post(running, "/admin", "pusher", "a")).startsWith("403");
      assertThat(post(running, "/admin", "tenant-admin", "a")).isEqualTo("200 tenant-admin a");
      assertThat(post(running, "/server", "tenant-admin", "a"))
          .startsWith("403")
          .contains("concerns the whole server and needs all tenants (*); 'tenant-admin' has a");
      assertThat(post(running, "/server", "root", "x")).isEqualTo("200 root x");
      assertThat(get(running, "/read", "reader", "a|b")).startsWith("400").contains("one request");

      HttpResponse<String> unknown = running.get("/read", "Authorization", "Bearer nope");
      assertThat(unknown.statusCode()).isEqualTo(401);
      assertThat(unknown.headers().firstValue("WWW-Authenticate"))
          .contains(
              "Basic realm=\"Skopos\", charset=\"UTF-8\", Bearer realm=\"Skopos\","
                  + " error=\"invalid_token\"");
      HttpResponse<String> script = running.get("/read", "Sec-Fetch-Dest", "empty");
      assertThat(script.headers().firstValue("WWW-Authenticate"))
          .as("a script's 401 opens no password dialogue")
          .contains("Bearer realm=\"Skopos\"");
    }
    assertThat(audited.stream().map(call -> call.path() + " " + call.caller() + call.status()))
        .containsExactly(
            "/admin pusher403",
            "/admin tenant-admin200",
            "/server tenant-admin403",
            "/server root200");
  }

  @Test
  void aTokenBecomesASessionUntilItIsRevokedOrSignedOut() throws Exception {
    try (RunningServer running = guarded()) {
      assertThat(running.get("/api/v1/session").body())
          .isEqualTo("{\"status\":\"success\",\"data\":{\"access\":true,\"signedIn\":false}}");
      HttpResponse<String> wrong = signIn(running, "{\"token\":\"nope\"}");
      assertThat(wrong.statusCode()).isEqualTo(401);
      assertThat(wrong.headers().firstValue("Set-Cookie")).isEmpty();

      HttpResponse<String> in = signIn(running, "{\"token\":\"reader\"}");
      assertThat(in.statusCode()).isEqualTo(200);
      assertThat(in.body())
          .contains("\"signedIn\":true,\"name\":\"reader\",\"tenants\":[\"a\",\"b\"]")
          .contains("\"rights\":[\"read\"]");
      String cookie = in.headers().firstValue("Set-Cookie").orElseThrow();
      assertThat(cookie).contains("; HttpOnly; SameSite=Strict").doesNotContain("Secure");
      String pair = cookie.substring(0, cookie.indexOf(';'));

      assertThat(running.get("/read", "Cookie", pair, "X-Scope-OrgID", "b").body())
          .isEqualTo("reader b");
      assertThat(running.get("/api/v1/session", "Cookie", pair).body())
          .contains("\"signedIn\":true,\"name\":\"reader\"");
      assertThat(running.get("/read", "Cookie", "skopos_session=x").statusCode()).isEqualTo(401);

      Caller reader = tokens.remove(Secrets.sha256Hex("reader"));
      HttpResponse<String> revoked = running.get("/read", "Cookie", pair, "X-Scope-OrgID", "b");
      assertThat(revoked.statusCode()).isEqualTo(401);
      assertThat(revoked.body()).contains("the session is over; sign in again");

      tokens.put(Secrets.sha256Hex("reader"), reader);
      HttpResponse<String> out =
          running.client.send(
              running.request("/api/v1/session").header("Cookie", pair).DELETE().build(),
              HttpResponse.BodyHandlers.ofString());
      assertThat(out.headers().firstValue("Set-Cookie").orElseThrow()).contains("Max-Age=0");
      assertThat(running.get("/read", "Cookie", pair).statusCode()).isEqualTo(401);
    }
    assertThat(audited.stream().map(Audit.Call::detail)).contains("signed in as 'reader'");
    assertThat(audited.toString()).doesNotContain("nope");
  }

  @Test
  void badSignInsSayWhy() throws Exception {
    try (RunningServer running = guarded()) {
      for (String body :
          List.of("[]", "{", "{\"token\":1}", "{\"other\":\"x\"}", "{\"user\":\"x\"}", "{}")) {
        assertThat(signIn(running, body).statusCode()).as(body).isEqualTo(400);
      }
      assertThat(signIn(running, "{\"token\":\"" + "x".repeat(20_000) + "\"}").statusCode())
          .isEqualTo(413);
    }
  }

  @Test
  void withoutAccessControlTheSessionSaysSo() throws Exception {
    try (RunningServer running = new RunningServer(_ -> {})) {
      String expected =
          "{\"status\":\"success\",\"data\":{\"access\":false,\"signedIn\":false,\"name\":\"\","
              + "\"tenants\":[\"*\"],\"rights\":[\"read\",\"write\",\"admin\",\"act\"]}}";
      assertThat(running.get("/api/v1/session").body()).isEqualTo(expected);
      assertThat(signIn(running, "{\"token\":\"x\"}").body()).isEqualTo(expected);
    }
  }

  private static HttpResponse<String> signIn(RunningServer running, String body) throws Exception {
    return running.client.send(
        running.request("/api/v1/session").POST(HttpRequest.BodyPublishers.ofString(body)).build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private static String get(
      RunningServer running, String path, String token, @Nullable String tenant) throws Exception {
    return exchange(running, running.request(path), token, tenant);
  }

  private static String post(
      RunningServer running, String path, String token, @Nullable String tenant) throws Exception {
    return exchange(
        running, running.request(path).POST(HttpRequest.BodyPublishers.noBody()), token, tenant);
  }

  private static String exchange(
      RunningServer running, HttpRequest.Builder request, String token, @Nullable String tenant)
      throws Exception {
    request.header("Authorization", "Bearer " + token);
    if (tenant != null) {
      request.header("X-Scope-OrgID", tenant);
    }
    HttpResponse<String> answer =
        running.client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body();
  }
}
