// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.testkit.http.FaultyProxy;
import io.skopos.testkit.process.S3ProxyProcess;
import io.skopos.testkit.storage.ObjectStoreContract;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;

final class S3ObjectStoreContractTest {

  private static S3ProxyProcess s3;

  /**
   * Makes no faults: it hands requests over whole. S3Proxy answers a refused one before its body
   * has come and breaks the connection, so that the answer may be lost on the way.
   */
  private static FaultyProxy whole;

  @BeforeAll
  static void start() throws Exception {
    s3 = S3ProxyProcess.shared();
    whole = FaultyProxy.before(s3.endpoint());
  }

  @AfterAll
  static void stop() throws IOException {
    whole.close();
  }

  private static BucketObjectStore open(String prefix) throws IOException {
    return ObjectStores.bucket(
        ObjectStoreConfig.s3(
                whole.endpoint(),
                s3.newBucket(),
                S3ProxyProcess.ACCESS_KEY,
                S3ProxyProcess.SECRET_KEY)
            .withPrefix(prefix),
        new PrometheusRegistry());
  }

  @Nested
  final class ABucket extends ObjectStoreContract {

    @SuppressWarnings("NullAway.Init") // the kit opens it first
    private BucketObjectStore store;

    @Override
    protected ObjectStore store() throws IOException {
      store = open("");
      assertThat(store.verify()).isEqualTo(new Abilities(true, true, true));
      return store;
    }

    @AfterEach
    void close() {
      store.close();
    }
  }

  @Nested
  final class BelowAPrefix extends ObjectStoreContract {

    @SuppressWarnings("NullAway.Init") // the kit opens it first
    private BucketObjectStore store;

    @Override
    protected ObjectStore store() throws IOException {
      store = open("shared/with-others");
      return store;
    }

    @AfterEach
    void close() {
      store.close();
    }
  }
}
