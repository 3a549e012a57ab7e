// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.storage.objects.ObjectStoreConfig;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ObjectStoreSectionTest {

  @Test
  void aBucketIsReadWithItsDefaults() throws Exception {
    ObjectStoreConfig config =
        load(
            """
            storage:
              object_store:
                type: s3
                bucket: history
                prefix: production/
                endpoint: https://minio.example.org:9000
                credentials: {access_key: AK, secret_key: hunter2}
                encryption: {type: kms, kms_key_id: some-key}
                requests: {timeout: 30s, part_size: 16MiB}
            """);
    assertThat(config.type()).isEqualTo(ObjectStoreConfig.Type.S3);
    assertThat(config.prefix()).isEqualTo("production");
    assertThat(config.requests().timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(config.requests().concurrency()).isEqualTo(64);
    assertThat(config.toString()).doesNotContain("hunter2");
    assertThat(load("").type()).isEqualTo(ObjectStoreConfig.Type.NONE);
  }

  @Test
  void whatIsWrongIsNamed() {
    refused("type: s3", "storage.object_store.bucket must be given for type s3");
    refused("type: directory", "storage.object_store.path must be given for type directory");
    refused("{type: azure, bucket: b}", "storage.object_store.credentials.account must be given");
    refused(
        "{type: s3, bucket: b, endpoint: 'minio:9000'}",
        "storage.object_store.endpoint must be an address");
    refused(
        "{type: s3, bucket: b, endpoint: 'https://ann:hunter2@minio'}",
        "storage.object_store.endpoint must be an address");
    refused("{type: s3, bucket: b, prefix: 'a b'}", "storage.object_store.prefix");
    refused(
        "{type: s3, bucket: b, credentials: {access_key: hunter2}}",
        "access_key and secret_key or secret_key_file go together");
    refused(
        "{type: azure, bucket: b, credentials: {account: a, account_key: hunter2,"
            + " account_key_file: f}}",
        "give either account_key or account_key_file");
    refused(
        "{type: s3, bucket: b, encryption: {kms_key_id: k}}",
        "storage.object_store.encryption.kms_key_id needs type kms");
    refused(
        "{type: s3, bucket: b, requests: {part_size: 1MiB}}",
        "storage.object_store.requests.part_size must be between 5MiB and 64MiB");
    refused(
        "{type: s3, bucket: b, requests: {concurrency: 0}}",
        "storage.object_store.requests.concurrency must be at least 1");
    refused("{type: s4}", "'s4' is not one of");
    refused("{type: s3, buckett: b}", "did you mean bucket?");
  }

  private static void refused(String section, String told) {
    assertThatThrownBy(() ->
            load(
                section.startsWith("{")
                    ? "storage: {object_store: " + section + "}\n"
                    : "storage:\n  object_store:\n    " + section + "\n"))
        .isInstanceOf(ConfigException.class)
        .extracting(thrown -> String.valueOf(((ConfigException) thrown).problems()))
        .asString()
        .contains(told)
        .doesNotContain("hunter2");
  }

  private static ObjectStoreConfig load(String yaml) throws ConfigException {
    return ConfigLoader.read(YamlText.parse("skopos.yml", yaml), Path.of(""), Map.of())
        .skopos()
        .storage()
        .objectStore();
  }
}
