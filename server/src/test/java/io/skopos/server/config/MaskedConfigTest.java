// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class MaskedConfigTest {

  @Test
  void secretsAreHiddenAndTheRestStays() {
    assertThat(
            MaskedConfig.of(
                """
                scrape_configs:
                  - job_name: password
                    basic_auth: {username: ann, password: "hunter2, really", password_file: /secret}
                    authorization:
                      type: Bearer
                      credentials: abc.def
                    oauth2: {client_secret: 's3''cret', token_url: "http://id"}
                    proxy_url: http://ann:hunter3@proxy:8080
                storage:
                  object_store:
                    credentials: {access_key: AK, secret_key: sk1, session_token: st1}
                    more: {account_key: ak1, sas_token: "sv=1&sig=st2", sas_token_file: /sas}
                """))
        .doesNotContain("sk1", "st1", "ak1", "st2")
        .contains("sas_token_file: /sas")
        .doesNotContain("hunter2", "abc.def", "s3''cret", "hunter3")
        .contains(
            "job_name: password\n", "username: ann", "password_file: /secret}", "type: Bearer")
        .contains("token_url: \"http://id\"", "http://ann:<secret>@proxy:8080");
  }
}
