// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.gcs;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.buckets.Abilities;
import io.skopos.buckets.BucketObjectStore;
import io.skopos.buckets.ObjectStores;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.storage.objects.ObjectStoreConfig.Credentials;
import io.skopos.storage.objects.ObjectWriter;
import io.skopos.storage.objects.VersionConflict;
import io.skopos.testkit.http.Fault;
import io.skopos.testkit.http.FaultPlan;
import io.skopos.testkit.http.FaultyProxy;
import io.skopos.testkit.http.GcsFake;
import io.skopos.testkit.storage.ObjectStoreContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class GcsObjectStoreTest {

  private static KeyPair keys;

  @TempDir Path work;
  private GcsFake gcs;
  private FaultyProxy proxy;
  private BucketObjectStore store;

  @BeforeAll
  static void makeKeys() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    keys = generator.generateKeyPair();
  }

  @BeforeEach
  void open() throws IOException {
    gcs = new GcsFake("history", keys.getPublic());
    proxy = FaultyProxy.before(gcs.endpoint());
    store = ObjectStores.bucket(config(keys), new PrometheusRegistry());
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    proxy.close();
    gcs.close();
  }

  @Nested
  final class Contract extends ObjectStoreContract {
    @Override
    protected ObjectStore store() throws IOException {
      assertThat(store.verify()).isEqualTo(new Abilities(true, true, true));
      return store;
    }
  }

  @Test
  void aTokenThatIsRefusedIsRenewed() throws IOException {
    store.put("key", new byte[] {1});
    gcs.revoke();
    assertThat(store.size("key")).hasValue(1);
  }

  @Test
  void aStrangersKeyIsToldAsSuch() throws Exception {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(2048);
    ObjectStoreConfig config = config(generator.generateKeyPair());
    assertThatThrownBy(() -> ObjectStores.open(config, new PrometheusRegistry()))
        .hasMessageContaining("GCS bucket 'history'")
        .hasMessageContaining("the credentials are not accepted");
  }

  @Test
  void largeObjectsComeWholeThroughFaults() throws IOException {
    byte[] content = new byte[21 << 20];
    new Random(5).nextBytes(content);
    proxy.plan(
        FaultPlan.some(
            0.3,
            2,
            new Fault.LoseAnswer(500, "InternalError"),
            new Fault.Refuse(503, "ServiceUnavailable"),
            new Fault.Break()));
    try (ObjectWriter writer = store.create("large")) {
      writer.write(ByteBuffer.wrap(content));
      writer.finish();
    }
    proxy.plan(FaultPlan.none());
    assertThat(requireNonNull(store.get("large", 32 << 20)).bytes()).isEqualTo(content);
    try (ObjectWriter writer = store.create("large")) {
      writer.write(ByteBuffer.wrap(content));
      assertThatThrownBy(writer::finish).isInstanceOf(VersionConflict.class);
    }
    try (ObjectWriter writer = store.create("left")) {
      writer.write(ByteBuffer.wrap(content));
    }
    assertThat(store.size("left")).isEmpty();
  }

  private ObjectStoreConfig config(KeyPair account) throws IOException {
    String pem =
        "-----BEGIN PRIVATE KEY-----\\n"
            + Base64.getEncoder().encodeToString(account.getPrivate().getEncoded())
            + "\\n-----END PRIVATE KEY-----\\n";
    Path file = work.resolve("account.json");
    Files.writeString(
        file,
        """
        {"type": "service_account", "client_email": "skopos@test.example", "private_key_id": "k1",
         "private_key": "%s", "token_uri": "%s"}
        """
            .formatted(pem, gcs.tokenAddress()));
    ObjectStoreConfig none = ObjectStoreConfig.none();
    return new ObjectStoreConfig(
        ObjectStoreConfig.Type.GCS,
        "history",
        "",
        proxy.endpoint(),
        "",
        "",
        none.addressing(),
        "",
        new Credentials("", "", "", "", "", "", "", "", "", "", "", file.toString(), false),
        none.encryption(),
        none.tls(),
        none.requests());
  }
}
