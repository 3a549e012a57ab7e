// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.testkit.http.Fault;
import io.skopos.testkit.http.FaultPlan;
import io.skopos.testkit.http.FaultyProxy;
import io.skopos.testkit.http.HttpMessage;
import io.skopos.testkit.process.S3ProxyProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What a start says about a bucket that cannot be used. */
final class BucketCheckTest {

  private static S3ProxyProcess s3;

  @BeforeAll
  static void start() throws Exception {
    s3 = S3ProxyProcess.shared();
  }

  @Test
  void aBucketThatIsNotThere() {
    refused(
        ObjectStoreConfig.s3(
            s3.endpoint(), "no-such", S3ProxyProcess.ACCESS_KEY, S3ProxyProcess.SECRET_KEY),
        "S3 bucket 'no-such' at " + s3.endpoint() + " cannot be used: there is no such bucket");
  }

  @Test
  void keysThatAreWrong() throws IOException {
    refused(
        ObjectStoreConfig.s3(
            s3.endpoint(), s3.newBucket(), S3ProxyProcess.ACCESS_KEY, "hunter2-is-wrong"),
        "the credentials are not accepted");
    refused(
        ObjectStoreConfig.s3(s3.endpoint(), s3.newBucket(), "nobody", S3ProxyProcess.SECRET_KEY),
        "the credentials are not accepted");
  }

  @Test
  void whatIsDeniedIsNamed() throws IOException {
    Fault denied = new Fault.Refuse(403, "AccessDenied");
    refusedBehind(method("PUT"), denied, "writing objects is denied to these credentials");
    refusedBehind(
        request -> request.target().contains("list-type=2"),
        denied,
        "listing objects is denied to these credentials");
    refusedBehind(method("DELETE"), denied, "deleting objects is denied to these credentials");
    refusedBehind(
        request -> request.method().equals("GET") && request.target().contains("probe"),
        denied,
        "is denied to these credentials");
    refusedBehind(
        request -> true,
        new Fault.Refuse(301, "PermanentRedirect"),
        "the bucket lies in another region");
  }

  @Test
  void aStoreWithoutConditionalWrites() throws IOException {
    refusedBehind(
        request -> !request.header("If-None-Match").isEmpty(),
        new Fault.Refuse(501, "NotImplemented"),
        "writing only where there is none (If-None-Match) is not possible");
    refusedBehind(
        request -> !request.header("If-Match").isEmpty(),
        new Fault.Refuse(501, "NotImplemented"),
        "replacing one version only (If-Match) is not possible");
    refusedBehind(
        request -> !request.header("If-None-Match").isEmpty() && request.body().length > 0,
        new Fault.LoseAnswer(200, ""),
        "it ignores If-None-Match");
  }

  @Test
  void aStoreWithoutConditionalDeletionIsUsedWithCare() throws IOException {
    try (FaultyProxy proxy = FaultyProxy.before(s3.endpoint());
        BucketObjectStore store = ObjectStores.bucket(behind(proxy), new PrometheusRegistry())) {
      proxy.plan(request ->
          request.method().equals("DELETE") && !request.header("If-Match").isEmpty()
              ? new Fault.Refuse(501, "NotImplemented")
              : new Fault.None());
      assertThat(store.verify()).isEqualTo(new Abilities(false, true, true));
      String version = store.put("key", new byte[] {1});
      String later = store.put("key", new byte[] {2});
      assertThatThrownBy(() -> store.delete("key", version))
          .isInstanceOf(io.skopos.storage.objects.VersionConflict.class);
      store.delete("key", later);
      assertThat(store.size("key")).isEmpty();
    }
  }

  @Test
  void nobodyThere() throws IOException {
    FaultyProxy proxy = FaultyProxy.before(s3.endpoint());
    ObjectStoreConfig config = behind(proxy);
    proxy.close();
    assertThatThrownBy(() -> ObjectStores.open(config, new PrometheusRegistry()))
        .hasMessageContaining(config.bucket())
        .hasMessageContaining("no connection");
  }

  @Test
  void theProbeLeavesNothing() throws IOException {
    String bucket = s3.newBucket();
    ObjectStores.open(
            ObjectStoreConfig.s3(
                s3.endpoint(), bucket, S3ProxyProcess.ACCESS_KEY, S3ProxyProcess.SECRET_KEY),
            new PrometheusRegistry())
        .close();
    try (java.util.stream.Stream<Path> files = java.nio.file.Files.walk(s3.directoryOf(bucket))) {
      assertThat(files.filter(java.nio.file.Files::isRegularFile)).isEmpty();
    }
  }

  private static void refusedBehind(Predicate<HttpMessage> requests, Fault fault, String told)
      throws IOException {
    try (FaultyProxy proxy = FaultyProxy.before(s3.endpoint())) {
      proxy.plan(request -> requests.test(request) ? fault : FaultPlan.none().faultOf(request));
      refused(behind(proxy), told);
    }
  }

  private static ObjectStoreConfig behind(FaultyProxy proxy) throws IOException {
    return ObjectStoreConfig.s3(
            proxy.endpoint(), s3.newBucket(), S3ProxyProcess.ACCESS_KEY, S3ProxyProcess.SECRET_KEY)
        .withRequests(
            ObjectStoreConfig.Requests.defaults()
                .withTimes(Duration.ofSeconds(2), Duration.ofSeconds(1), Duration.ofMillis(100)));
  }

  private static void refused(ObjectStoreConfig config, String told) {
    assertThatThrownBy(() -> ObjectStores.open(config, new PrometheusRegistry()))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(told)
        .hasMessageContaining(config.bucket())
        .hasMessageNotContaining("hunter2")
        .hasMessageNotContaining(S3ProxyProcess.SECRET_KEY);
  }

  private static Predicate<HttpMessage> method(String name) {
    return request -> request.method().equals(name);
  }
}
