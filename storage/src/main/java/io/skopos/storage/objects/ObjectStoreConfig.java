// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

import io.skopos.model.config.ByteSize;
import io.skopos.model.config.Setting;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.Locale;

/** Which object store keeps the long-term history; see {@code docs/guide/object-storage.md}. */
public record ObjectStoreConfig(
    @Setting(
            doc =
                "What kind of store: s3 (and all that speak its protocol), azure (Blob Storage),"
                    + " gcs (Google Cloud Storage), directory (for example a network file system),"
                    + " or none.",
            defaultValue = "none")
        Type type,
    @Setting(doc = "The bucket; for azure, the container.") String bucket,
    @Setting(
            doc =
                "What the keys of all objects begin with, so that several servers may share a"
                    + " bucket.")
        String prefix,
    @Setting(
            doc =
                "Address of the store, http or https. Empty means the provider's own, from region"
                    + " or account.")
        String endpoint,
    @Setting(
            doc =
                "Region of the bucket (s3). Empty means what the environment says, or us-east-1"
                    + " with an endpoint of one's own.")
        String region,
    @Setting(doc = "The directory, for type directory.") String path,
    @Setting(
            doc =
                "Where the bucket's name stands (s3): in the path or in the host's name; auto puts"
                    + " it in the path when there is an endpoint.",
            defaultValue = "auto")
        Addressing addressing,
    @Setting(
            doc =
                "Storage class (s3, gcs) or access tier (azure) of new objects; empty means the"
                    + " bucket's default. Classes with a retrieval delay cannot be read.")
        String storageClass,
    @Setting(doc = "Who asks.") Credentials credentials,
    @Setting(doc = "Encryption by the store (s3).") Encryption encryption,
    @Setting(doc = "Trust.") Tls tls,
    @Setting(doc = "Bounds of the requests.") Requests requests) {

  public ObjectStoreConfig {
    switch (type) {
      case NONE -> {}
      case DIRECTORY -> require("path", path, type);
      case S3, GCS -> require("bucket", bucket, type);
      case AZURE -> {
        require("bucket", bucket, type);
        if (credentials.account.isEmpty() && endpoint.isEmpty()) {
          throw new IllegalArgumentException(
              "storage.object_store.credentials.account must be given for type azure, or an"
                  + " endpoint with the account's name");
        }
      }
    }
    if (!endpoint.isEmpty()) {
      checkEndpoint(endpoint);
    }
    if (!prefix.isEmpty()) {
      prefix = prefix.endsWith("/") ? prefix.substring(0, prefix.length() - 1) : prefix;
      try {
        ObjectKeys.check(prefix);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("storage.object_store.prefix: " + e.getMessage(), e);
      }
    }
  }

  /** No object store. */
  public static ObjectStoreConfig none() {
    return new ObjectStoreConfig(
        Type.NONE,
        "",
        "",
        "",
        "",
        "",
        Addressing.AUTO,
        "",
        Credentials.none(),
        Encryption.none(),
        Tls.defaults(),
        Requests.defaults());
  }

  /** An S3 bucket at an endpoint of one's own, with an access key. */
  public static ObjectStoreConfig s3(
      String endpoint, String bucket, String accessKey, String secretKey) {
    return new ObjectStoreConfig(
        Type.S3,
        bucket,
        "",
        endpoint,
        "",
        "",
        Addressing.AUTO,
        "",
        Credentials.accessKey(accessKey, secretKey),
        Encryption.none(),
        Tls.defaults(),
        Requests.defaults());
  }

  /** The same below another prefix. */
  public ObjectStoreConfig withPrefix(String other) {
    return new ObjectStoreConfig(
        type,
        bucket,
        other,
        endpoint,
        region,
        path,
        addressing,
        storageClass,
        credentials,
        encryption,
        tls,
        requests);
  }

  /** The same with other bounds. */
  public ObjectStoreConfig withRequests(Requests other) {
    return new ObjectStoreConfig(
        type,
        bucket,
        prefix,
        endpoint,
        region,
        path,
        addressing,
        storageClass,
        credentials,
        encryption,
        tls,
        other);
  }

  private static void require(String key, String value, Type type) {
    if (value.isEmpty()) {
      throw new IllegalArgumentException(
          "storage.object_store."
              + key
              + " must be given for type "
              + type.toString().toLowerCase(Locale.ROOT));
    }
  }

  private static void checkEndpoint(String endpoint) {
    try {
      URI address = new URI(endpoint);
      String scheme = address.getScheme();
      if (address.getHost() != null
          && ("http".equals(scheme) || "https".equals(scheme))
          && address.getUserInfo() == null
          && address.getQuery() == null) {
        return;
      }
    } catch (URISyntaxException e) {
      // Told below, without what stands in it: it may hold a secret.
    }
    throw new IllegalArgumentException(
        "storage.object_store.endpoint must be an address such as https://minio.example.org:9000,"
            + " without user and query");
  }

  /** Kinds of stores. */
  public enum Type {
    NONE,
    DIRECTORY,
    S3,
    AZURE,
    GCS
  }

  /** Where the bucket's name stands in an address. */
  public enum Addressing {
    AUTO,
    PATH,
    VIRTUAL_HOST
  }

  /** Secrets never appear in messages. Each may stand in a file of its own. */
  public record Credentials(
      @Setting(
              doc =
                  "Access key (s3). Empty means the default chain: environment, profile, web"
                      + " identity, container, instance.")
          String accessKey,
      @Setting(doc = "Secret key (s3); better a file.") String secretKey,
      @Setting(doc = "File with the secret key (s3).") String secretKeyFile,
      @Setting(doc = "Session token of temporary keys (s3).") String sessionToken,
      @Setting(doc = "Profile of the shared credentials file (s3).") String profile,
      @Setting(doc = "Storage account (azure).") String account,
      @Setting(
              doc =
                  "Key of the account (azure); better a file. With neither key nor SAS, the managed"
                      + " identity of the machine or the workload's is asked.")
          String accountKey,
      @Setting(doc = "File with the account's key (azure).") String accountKeyFile,
      @Setting(doc = "Shared access signature (azure); better a file.") String sasToken,
      @Setting(doc = "File with the shared access signature (azure).") String sasTokenFile,
      @Setting(doc = "Client id of a user-assigned managed identity (azure).")
          String managedIdentity,
      @Setting(
              doc =
                  "File with a service account's key in JSON (gcs). Empty means"
                      + " GOOGLE_APPLICATION_CREDENTIALS, else the machine's metadata server.")
          String serviceAccountFile,
      @Setting(doc = "Ask without credentials.", defaultValue = "false") boolean anonymous) {

    public Credentials {
      together("access_key", accessKey, "secret_key or secret_key_file", secretKey + secretKeyFile);
      notBoth("secret_key", secretKey, secretKeyFile);
      notBoth("account_key", accountKey, accountKeyFile);
      notBoth("sas_token", sasToken, sasTokenFile);
      if (!sessionToken.isEmpty() && accessKey.isEmpty()) {
        throw new IllegalArgumentException(
            "storage.object_store.credentials.session_token needs an access_key");
      }
    }

    public static Credentials none() {
      return new Credentials("", "", "", "", "", "", "", "", "", "", "", "", false);
    }

    public static Credentials accessKey(String key, String secret) {
      return new Credentials(key, secret, "", "", "", "", "", "", "", "", "", "", false);
    }

    private static void together(String one, String value, String other, String otherValue) {
      if (value.isEmpty() != otherValue.isEmpty()) {
        throw new IllegalArgumentException(
            "storage.object_store.credentials: " + one + " and " + other + " go together");
      }
    }

    private static void notBoth(String key, String value, String file) {
      if (!value.isEmpty() && !file.isEmpty()) {
        throw new IllegalArgumentException(
            "storage.object_store.credentials: give either " + key + " or " + key + "_file");
      }
    }

    @Override
    public String toString() {
      return "Credentials[accessKey=" + accessKey + ", account=" + account + "]";
    }
  }

  /** What the store does to objects it keeps. */
  public record Encryption(
      @Setting(
              doc =
                  "none leaves it to the bucket; s3 asks for the store's keys, kms for a KMS key.",
              defaultValue = "none")
          Kind type,
      @Setting(doc = "The KMS key's id or ARN; empty means the account's default key.")
          String kmsKeyId) {

    public Encryption {
      if (!kmsKeyId.isEmpty() && type != Kind.KMS) {
        throw new IllegalArgumentException(
            "storage.object_store.encryption.kms_key_id needs type kms");
      }
    }

    public static Encryption none() {
      return new Encryption(Kind.NONE, "");
    }

    /** Whose keys. */
    public enum Kind {
      NONE,
      S3,
      KMS
    }
  }

  /** Trust in the store's certificate. */
  public record Tls(
      @Setting(doc = "PEM file with the authorities to trust, instead of the JDK's.") String caFile,
      @Setting(doc = "Accept any certificate. For trials only.", defaultValue = "false")
          boolean insecureSkipVerify) {

    public static Tls defaults() {
      return new Tls("", false);
    }
  }

  /** Times and numbers. */
  public record Requests(
      @Setting(
              doc =
                  "Longest time of one call, retries included; then it fails, and whoever called"
                      + " tries again later.",
              defaultValue = "1m")
          Duration timeout,
      @Setting(
              doc = "Longest time of one request, its body included; then it is tried again.",
              defaultValue = "20s")
          Duration attemptTimeout,
      @Setting(doc = "Longest time to connect.", defaultValue = "5s") Duration connectTimeout,
      @Setting(
              doc = "Longest pause between two attempts; they begin at 100ms and double.",
              defaultValue = "5s")
          Duration maxPause,
      @Setting(
              doc =
                  "Requests at once. Further calls wait, and fail when their time is up; see"
                      + " skopos_object_store_waiting.",
              defaultValue = "64")
          int concurrency,
      @Setting(
              doc =
                  "Objects above this size are sent in pieces of it; each writer holds one piece in"
                      + " memory. At least 5MiB.",
              defaultValue = "8MiB")
          ByteSize partSize) {

    public Requests {
      positive("timeout", timeout);
      positive("attempt_timeout", attemptTimeout);
      positive("connect_timeout", connectTimeout);
      positive("max_pause", maxPause);
      if (concurrency < 1) {
        throw new IllegalArgumentException(
            "storage.object_store.requests.concurrency must be at least 1");
      }
      if (partSize.bytes() < 5 << 20 || partSize.bytes() > ObjectStore.MAX_WHOLE_BYTES) {
        throw new IllegalArgumentException(
            "storage.object_store.requests.part_size must be between 5MiB and 64MiB");
      }
    }

    public static Requests defaults() {
      return new Requests(
          Duration.ofMinutes(1),
          Duration.ofSeconds(20),
          Duration.ofSeconds(5),
          Duration.ofSeconds(5),
          64,
          ByteSize.ofMebibytes(8));
    }

    /** The same with other times. */
    public Requests withTimes(Duration call, Duration attempt, Duration pause) {
      return new Requests(call, attempt, connectTimeout, pause, concurrency, partSize);
    }

    private static void positive(String key, Duration time) {
      if (!time.isPositive()) {
        throw new IllegalArgumentException(
            "storage.object_store.requests." + key + " must be above zero");
      }
    }
  }
}
