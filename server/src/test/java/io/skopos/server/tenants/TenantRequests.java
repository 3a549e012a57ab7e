// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.tenants;

import io.skopos.server.SkoposServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;

/** Asks a server of this process about one tenant's data. */
public final class TenantRequests {

  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  private TenantRequests() {}

  /** The status and the body, without the blanks around it. */
  public static String exchange(
      SkoposServer server, String tenant, String path, HttpRequest.Builder request)
      throws Exception {
    HttpResponse<String> answer =
        CLIENT.send(
            request
                .uri(URI.create("http://127.0.0.1:" + server.port() + path))
                .timeout(Duration.ofSeconds(60))
                .header("X-Scope-OrgID", tenant)
                .build(),
            HttpResponse.BodyHandlers.ofString());
    return answer.statusCode() + " " + answer.body().strip();
  }
}
