// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.s3;

import io.skopos.buckets.SecretFile;
import io.skopos.buckets.http.HttpTransport;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.storage.objects.ObjectStoreConfig.Addressing;
import io.skopos.storage.objects.ObjectStoreConfig.Credentials;
import java.io.IOException;
import java.net.URI;
import software.amazon.awssdk.auth.credentials.AnonymousCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.regions.providers.DefaultAwsRegionProviderChain;
import software.amazon.awssdk.regions.providers.SystemSettingsRegionProvider;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;

/** Makes the SDK's client of a config. */
final class S3Connection {

  private static final Region DEFAULT_REGION = Region.US_EAST_1;

  private S3Connection() {}

  static S3Client open(ObjectStoreConfig config, HttpTransport transport) throws IOException {
    S3ClientBuilder builder =
        S3Client.builder()
            .httpClient(new SdkTransport(transport, config.requests().attemptTimeout()))
            .credentialsProvider(credentials(config.credentials()))
            .region(region(config))
            .forcePathStyle(pathStyle(config))
            // Checksums in trailers are newer than many a store; Content-MD5 is known to all.
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED)
            .overrideConfiguration(
                override -> override.retryStrategy(strategy -> strategy.maxAttempts(1)));
    if (!config.endpoint().isEmpty()) {
      builder.endpointOverride(URI.create(config.endpoint()));
    }
    return builder.build();
  }

  private static boolean pathStyle(ObjectStoreConfig config) {
    Addressing addressing = config.addressing();
    return addressing == Addressing.PATH
        || (addressing == Addressing.AUTO && !config.endpoint().isEmpty());
  }

  private static Region region(ObjectStoreConfig config) {
    if (!config.region().isEmpty()) {
      return Region.of(config.region());
    }
    try {
      // The machine's region says nothing about a store of one's own.
      return config.endpoint().isEmpty()
          ? DefaultAwsRegionProviderChain.builder().build().getRegion()
          : new SystemSettingsRegionProvider().getRegion();
    } catch (SdkClientException e) {
      return DEFAULT_REGION; // nothing in the environment says one
    }
  }

  private static AwsCredentialsProvider credentials(Credentials given) throws IOException {
    if (given.anonymous()) {
      return AnonymousCredentialsProvider.create();
    }
    if (!given.accessKey().isEmpty()) {
      SecretFile secret =
          new SecretFile(
              "storage.object_store.credentials.secret_key_file",
              given.secretKey(),
              given.secretKeyFile());
      secret.read(); // a file that cannot be read is told at the start
      return new GivenCredentials(given.accessKey(), secret, given.sessionToken());
    }
    if (!given.profile().isEmpty()) {
      return ProfileCredentialsProvider.create(given.profile());
    }
    return DefaultCredentialsProvider.builder().build();
  }

  /** A key pair; the secret's file is read again when it changes. */
  private record GivenCredentials(String accessKey, SecretFile secret, String sessionToken)
      implements AwsCredentialsProvider {

    @Override
    public AwsCredentials resolveCredentials() {
      try {
        String key = secret.read();
        return sessionToken.isEmpty()
            ? AwsBasicCredentials.create(accessKey, key)
            : AwsSessionCredentials.create(accessKey, key, sessionToken);
      } catch (IOException e) {
        throw SdkClientException.create("the credentials cannot be read: " + e.getMessage(), e);
      }
    }
  }
}
