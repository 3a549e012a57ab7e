// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.azure;

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
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.ObjectWriter;
import io.skopos.storage.objects.VersionConflict;
import io.skopos.testkit.http.Fault;
import io.skopos.testkit.http.FaultPlan;
import io.skopos.testkit.http.FaultyProxy;
import io.skopos.testkit.process.AzuriteProcess;
import io.skopos.testkit.storage.ObjectStoreContract;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Against Azurite, where {@code SKOPOS_AZURITE} names its script; skipped elsewhere. */
final class AzureObjectStoreTest {

  @TempDir static Path work;
  private static AzuriteProcess azurite;

  private FaultyProxy proxy;
  private String container;
  private BucketObjectStore store;

  @BeforeAll
  static void start() throws Exception {
    azurite = AzuriteProcess.start(work);
  }

  @AfterAll
  static void stop() {
    if (azurite != null) {
      azurite.close();
    }
  }

  @BeforeEach
  void open() throws Exception {
    proxy = FaultyProxy.before(azurite.endpoint());
    container = azurite.newContainer();
    store = ObjectStores.bucket(config(AzuriteProcess.KEY), new PrometheusRegistry());
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    proxy.close();
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
  void aWrongKeyAndAMissingContainerAreToldAsSuch() {
    ObjectStoreConfig wrong = config("d3Jvbmc=");
    assertThatThrownBy(() -> ObjectStores.open(wrong, new PrometheusRegistry()))
        .hasMessageContaining("Azure container '" + container + "'")
        .hasMessageNotContaining("d3Jvbmc=");
    container = "missing";
    ObjectStoreConfig missing = config(AzuriteProcess.KEY);
    assertThatThrownBy(() -> ObjectStores.open(missing, new PrometheusRegistry()))
        .hasMessageContaining("there is no such bucket");
  }

  @Test
  void aListingGoesOnWithoutItsMarker() throws IOException {
    for (int i = 0; i < 12; i++) {
      store.put("list/" + (char) ('a' + i), new byte[] {1});
    }
    try (BucketObjectStore another =
        ObjectStores.bucket(config(AzuriteProcess.KEY), new PrometheusRegistry())) {
      assertThat(another.list("list/", "list/e", 3))
          .extracting(ObjectSummary::key)
          .containsExactly("list/f", "list/g", "list/h");
    }
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
            new Fault.Refuse(503, "ServerBusy"),
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

  private ObjectStoreConfig config(String key) {
    ObjectStoreConfig none = ObjectStoreConfig.none();
    return new ObjectStoreConfig(
        ObjectStoreConfig.Type.AZURE,
        container,
        "",
        proxy.endpoint() + "/" + AzuriteProcess.ACCOUNT,
        "",
        "",
        none.addressing(),
        "",
        new Credentials("", "", "", "", "", AzuriteProcess.ACCOUNT, key, "", "", "", "", "", false),
        none.encryption(),
        none.tls(),
        none.requests());
  }
}
