// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.buckets.azure.AzureBucket;
import io.skopos.buckets.gcs.GcsBucket;
import io.skopos.buckets.http.HttpTransport;
import io.skopos.buckets.http.Trust;
import io.skopos.buckets.s3.S3Bucket;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.storage.objects.ObjectStoreConfig.Tls;
import java.io.IOException;
import java.nio.file.Path;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;

/** Opens the object store that a config asks for. */
public final class ObjectStores {

  private ObjectStores() {}

  /**
   * Opens the store and tries whether it can do what it must; see {@link BucketCheck}.
   *
   * @param registry takes the metrics; one registry takes those of one bucket
   * @throws IOException saying what is missing, denied or unreachable
   * @throws IllegalArgumentException for a config without a store
   */
  public static OpenedStore open(ObjectStoreConfig config, PrometheusRegistry registry)
      throws IOException {
    if (config.type() == ObjectStoreConfig.Type.DIRECTORY) {
      return directory(config);
    }
    BucketObjectStore store = bucket(config, registry);
    try {
      store.verify();
    } catch (IOException | RuntimeException e) {
      store.close();
      throw e;
    }
    return new OpenedStore(store, store.description(), store::close);
  }

  /** The bucket without trying anything: for who waits until it answers. */
  public static BucketObjectStore bucket(ObjectStoreConfig config, PrometheusRegistry registry)
      throws IOException {
    HttpTransport transport =
        new HttpTransport(config.requests().connectTimeout(), trust(config.tls()));
    try {
      Bucket bucket =
          switch (config.type()) {
            case S3 -> new S3Bucket(config, transport);
            case AZURE -> new AzureBucket(config, transport, System.getenv());
            case GCS -> new GcsBucket(config, transport, System.getenv());
            case NONE, DIRECTORY ->
                throw new IllegalArgumentException(
                    "storage.object_store.type " + config.type() + " is not a bucket");
          };
      return new BucketObjectStore(bucket, config.prefix(), config.requests(), registry);
    } catch (IOException | RuntimeException e) {
      transport.close();
      throw e;
    }
  }

  private static OpenedStore directory(ObjectStoreConfig config) throws IOException {
    Path root =
        config.prefix().isEmpty()
            ? Path.of(config.path())
            : Path.of(config.path()).resolve(config.prefix());
    // The local store's metrics have the same names; they stay those of the local store.
    DirectoryObjectStore store =
        DirectoryObjectStore.shared(new RealDisk(), root, new PrometheusRegistry());
    return new OpenedStore(store, "directory " + root, store::close);
  }

  private static @Nullable SSLContext trust(Tls tls) throws IOException {
    if (tls.insecureSkipVerify()) {
      return Trust.everybody();
    }
    if (tls.caFile().isEmpty()) {
      return null;
    }
    try {
      return Trust.authorities(Path.of(tls.caFile()));
    } catch (IOException e) {
      throw new IOException("storage.object_store.tls.ca_file: " + e.getMessage(), e);
    }
  }

  /** A store that is ready, and how to let go of it. */
  public record OpenedStore(ObjectStore store, String description, Runnable closing)
      implements AutoCloseable {

    @Override
    public void close() {
      closing.run();
    }
  }
}
