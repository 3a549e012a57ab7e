// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.skopos.web.access.AccessConfig;
import io.skopos.web.access.Right;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccessTest {

  @TempDir Path directory;

  @Test
  void passwordsAndTokensOpenTheirTenantsOnly() throws Exception {
    Path file = directory.resolve("credentials");
    Files.writeString(
        file,
        "# people\n"
            + "ann:"
            + bcrypt("secret")
            + "\n"
            + "bob:"
            + bcrypt("pass:word")
            + ":team-a,team-b\n"
            + "root:"
            + bcrypt("r")
            + ":*\n"
            + "agent:sha256:"
            + sha256("t0ken")
            + ":team-a\n"
            + "writer:sha256:"
            + sha256("w")
            + ":*:write,act\n");
    try (RunningServer running = guarded(file)) {
      HttpResponse<String> none = running.get("/who");
      assertThat(none.statusCode()).isEqualTo(401);
      assertThat(none.headers().firstValue("WWW-Authenticate")).get().asString().contains("Basic");

      assertThat(who(running, basic("ann", "secret"))).isEqualTo("ann anonymous");
      assertThat(who(running, basic("ann", "secret"))).isEqualTo("ann anonymous");
      assertThat(who(running, basic("ann", "wrong"))).isEqualTo("401");
      assertThat(who(running, basic("nobody", "secret"))).isEqualTo("401");
      assertThat(who(running, basic("ann", "x".repeat(100)))).isEqualTo("401");
      assertThat(who(running, "Basic %%%")).isEqualTo("401");
      assertThat(who(running, "Digest x")).isEqualTo("401");
      assertThat(who(running, basic("ann", "secret"), "X-Scope-OrgID", "team-a")).isEqualTo("403");

      assertThat(who(running, basic("bob", "pass:word"))).isEqualTo("403");
      assertThat(who(running, basic("bob", "pass:word"), "X-Scope-OrgID", "team-b"))
          .isEqualTo("bob team-b");
      assertThat(who(running, basic("root", "r"), "X-Scope-OrgID", "any")).isEqualTo("root any");

      assertThat(who(running, "Bearer t0ken")).isEqualTo("agent team-a");
      assertThat(who(running, "bearer wrong")).isEqualTo("401");
      assertThat(who(running, "Bearer t0ken", "X-Scope-OrgID", "team-b")).isEqualTo("403");

      assertThat(who(running, "Bearer w")).isEqualTo("403");

      assertThat(running.get("/-/healthy").statusCode()).isEqualTo(200);
      assertThat(running.get("/-/ready").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void aChangedFileCountsAndABrokenOneDoesNot() throws Exception {
    Path file = directory.resolve("credentials");
    Files.writeString(file, "a:sha256:" + sha256("one") + "\n");
    try (RunningServer running = guarded(file)) {
      assertThat(who(running, "Bearer one")).isEqualTo("a anonymous");
      Files.writeString(file, "a:sha256:" + sha256("two") + ":*\n");
      running.server.reloadFiles();
      assertThat(who(running, "Bearer one")).isEqualTo("401");
      assertThat(who(running, "Bearer two")).isEqualTo("a anonymous");
      Files.writeString(file, "broken");
      running.server.reloadFiles();
      assertThat(who(running, "Bearer two")).isEqualTo("a anonymous");
    }
  }

  @Test
  void badFilesAreRefusedByLineWithoutTheirSecrets() throws Exception {
    Path file = directory.resolve("credentials");
    assertBad(file, "\nnothing", "line 2: it is not of the form name:secret[:tenants[:rights]]");
    assertBad(file, "a:plainsecret", "line 1: the secret of 'a' is neither a bcrypt hash");
    assertBad(file, "a:sha256:12", "line 1: the token of 'a' is not sha256:");
    assertBad(
        file, "a:sha256:" + sha256("x") + ":a/b", "bad tenants or rights of 'a': tenant id 'a/b'");
    assertBad(file, "a:sha256:" + sha256("x") + "::reed", "'reed' is not a right; there are read,");
    assertBad(file, "a:$2y$31$" + "a".repeat(53), "line 1: the bcrypt cost of 'a' is above 16");
    assertThatThrownBy(() -> guarded(directory.resolve("missing"))).isInstanceOf(IOException.class);
  }

  private static void assertBad(Path file, String content, String expected) throws IOException {
    Files.writeString(file, content);
    assertThatThrownBy(() -> guarded(file))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(expected)
        .message()
        .doesNotContain("plainsecret");
  }

  private static RunningServer guarded(Path file) throws IOException {
    return new RunningServer(
        config -> {
          config.access = AccessConfig.OPEN.withCredentialsFile(file.toString());
          return config;
        },
        routes ->
            routes
                .family(ErrorShape.PLAIN_TEXT, Right.READ)
                .get(
                    "/who",
                    request -> Response.text(200, request.user() + " " + request.tenant())));
  }

  private static String who(RunningServer running, String authorization, String... headers)
      throws Exception {
    String[] all = new String[headers.length + 2];
    System.arraycopy(headers, 0, all, 2, headers.length);
    all[0] = "Authorization";
    all[1] = authorization;
    HttpResponse<String> response = running.get("/who", all);
    return response.statusCode() == 200 ? response.body() : "" + response.statusCode();
  }

  private static String basic(String user, String password) {
    byte[] pair = (user + ":" + password).getBytes(StandardCharsets.UTF_8);
    return "Basic " + Base64.getEncoder().encodeToString(pair);
  }

  private static String bcrypt(String password) {
    return BCrypt.with(BCrypt.Version.VERSION_2Y).hashToString(4, password.toCharArray());
  }

  private static String sha256(String token) throws Exception {
    return HexFormat.of()
        .formatHex(
            MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8)));
  }
}
