// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.azure;

import io.skopos.buckets.rest.AccessToken;
import io.skopos.buckets.rest.Addresses;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** Where a token for storage comes from. */
final class AzureIdentity {

  private static final String RESOURCE = "https://storage.azure.com/";

  private AzureIdentity() {}

  /**
   * A workload identity's when the environment names a federated token (as clusters do), else the
   * machine's.
   *
   * @param clientId of a user-assigned identity, or empty
   */
  static AccessToken.Asking of(Map<String, String> environment, String clientId) {
    String file = environment.getOrDefault("AZURE_FEDERATED_TOKEN_FILE", "");
    if (!file.isEmpty()) {
      return () -> workload(environment, file, clientId);
    }
    return () ->
        HttpRequest.newBuilder(
                URI.create(
                    "http://169.254.169.254/metadata/identity/oauth2/token?api-version=2018-02-01"
                        + "&resource="
                        + Addresses.value(RESOURCE)
                        + (clientId.isEmpty() ? "" : "&client_id=" + Addresses.value(clientId))))
            .header("Metadata", "true")
            .build();
  }

  private static HttpRequest workload(Map<String, String> environment, String file, String clientId)
      throws IOException {
    String authority =
        environment.getOrDefault("AZURE_AUTHORITY_HOST", "https://login.microsoftonline.com/");
    String tenant = environment.getOrDefault("AZURE_TENANT_ID", "");
    String client = clientId.isEmpty() ? environment.getOrDefault("AZURE_CLIENT_ID", "") : clientId;
    String form =
        "grant_type=client_credentials&client_id="
            + Addresses.value(client)
            + "&scope="
            + Addresses.value(RESOURCE + ".default")
            + "&client_assertion_type="
            + Addresses.value("urn:ietf:params:oauth:client-assertion-type:jwt-bearer")
            + "&client_assertion="
            + Addresses.value(Files.readString(Path.of(file)).strip());
    String base = authority.endsWith("/") ? authority : authority + "/";
    return HttpRequest.newBuilder(URI.create(base + tenant + "/oauth2/v2.0/token"))
        .header("Content-Type", "application/x-www-form-urlencoded")
        .POST(HttpRequest.BodyPublishers.ofString(form))
        .build();
  }
}
