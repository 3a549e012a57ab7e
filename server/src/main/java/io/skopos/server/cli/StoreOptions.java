// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.buckets.BucketObjectStore;
import io.skopos.buckets.ObjectStores;
import io.skopos.server.config.ConfigException;
import io.skopos.server.config.ConfigLoader;
import io.skopos.storage.objects.ObjectStoreConfig;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/**
 * How a store given by an address is reached. Each option stands for a key of {@code
 * storage.object_store}, and goes through the same checks.
 */
final class StoreOptions {

  static final String ADDRESSES =
      "DIR, s3://BUCKET/PREFIX, azure://CONTAINER/PREFIX or gs://BUCKET/PREFIX.";

  private static final String SECTION = "storage.object_store.";

  @Option(names = "--endpoint", paramLabel = "URL", description = "Of a store of one's own.")
  private @Nullable String endpoint;

  @Option(names = "--region", paramLabel = "REGION", description = "Of the bucket (s3).")
  private @Nullable String region;

  @Option(
      names = "--access-key",
      paramLabel = "KEY",
      description = "Access key (s3); without one the default chain is asked.")
  private @Nullable String accessKey;

  @Option(
      names = "--secret-key-file",
      paramLabel = "FILE",
      description = "File with the secret key (s3).")
  private @Nullable String secretKeyFile;

  @Option(names = "--account", paramLabel = "NAME", description = "Storage account (azure).")
  private @Nullable String account;

  @Option(
      names = "--account-key-file",
      paramLabel = "FILE",
      description = "File with the account's key (azure).")
  private @Nullable String accountKeyFile;

  @Option(
      names = "--service-account-file",
      paramLabel = "FILE",
      description = "Key of a service account (gs).")
  private @Nullable String serviceAccountFile;

  @Option(
      names = "--store-set",
      paramLabel = "KEY=VALUE",
      description =
          "Any other key of storage.object_store, e.g. encryption.type=kms; may be given several"
              + " times.")
  private @Nullable Map<String, String> further;

  /** Opens the store and tries what it can do. */
  ObjectStores.OpenedStore open(String address) {
    try {
      return ObjectStores.open(config(address), new PrometheusRegistry());
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  /** Opens the bucket without trying what it can do, which would write. */
  BucketObjectStore openUntried(String address) {
    try {
      return ObjectStores.bucket(config(address), new PrometheusRegistry());
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailed(String.valueOf(e.getMessage()), e);
    }
  }

  /** What an address says, by the keys of {@code storage.object_store}. */
  static Map<String, String> settings(String address) {
    Map<String, String> settings = new LinkedHashMap<>();
    int scheme = address.indexOf("://");
    if (scheme < 0) {
      settings.put("type", "directory");
      settings.put("path", Path.of(address).toAbsolutePath().toString());
    } else {
      String type =
          switch (address.substring(0, scheme)) {
            case "s3" -> "s3";
            case "azure" -> "azure";
            case "gs", "gcs" -> "gcs";
            default -> throw new CommandFailed("'" + address + "' is none of " + ADDRESSES);
          };
      URI parsed;
      try {
        parsed = URI.create(address);
      } catch (IllegalArgumentException e) {
        throw new CommandFailed("'" + address + "' is no address: " + ADDRESSES, e);
      }
      settings.put("type", type);
      settings.put("bucket", parsed.getAuthority() == null ? "" : parsed.getAuthority());
      settings.put("prefix", parsed.getPath() == null ? "" : parsed.getPath().replaceAll("^/", ""));
    }
    return settings;
  }

  ObjectStoreConfig config(String address) {
    Map<String, String> settings = settings(address);
    put(settings, "endpoint", endpoint);
    put(settings, "region", region);
    put(settings, "credentials.access_key", accessKey);
    put(settings, "credentials.secret_key_file", secretKeyFile);
    put(settings, "credentials.account", account);
    put(settings, "credentials.account_key_file", accountKeyFile);
    put(settings, "credentials.service_account_file", serviceAccountFile);
    if (further != null) {
      settings.putAll(further);
    }
    Map<String, String> overrides = new LinkedHashMap<>();
    settings.forEach((key, value) -> overrides.put(SECTION + key, value));
    try {
      return ConfigLoader.load(null, overrides).skopos().storage().objectStore();
    } catch (ConfigException e) {
      throw new CommandFailed(
          "the store's options cannot be used:\n" + ConfigOptions.listed(e.problems()), e);
    }
  }

  private static void put(Map<String, String> settings, String key, @Nullable String value) {
    if (value != null) {
      settings.put(key, value);
    }
  }
}
