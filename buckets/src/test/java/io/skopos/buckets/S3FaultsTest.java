// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.skopos.model.config.ByteSize;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.storage.objects.ObjectStoreConfig.Requests;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.ObjectWriter;
import io.skopos.storage.objects.StoreUnavailable;
import io.skopos.storage.objects.VersionConflict;
import io.skopos.testkit.http.Fault;
import io.skopos.testkit.http.FaultPlan;
import io.skopos.testkit.http.FaultyProxy;
import io.skopos.testkit.http.HttpMessage;
import io.skopos.testkit.process.S3ProxyProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A bucket behind a connection that fails: nothing acknowledged is lost, nothing needs a restart.
 */
final class S3FaultsTest {

  private static final Requests QUICK =
      new Requests(
          Duration.ofSeconds(20),
          Duration.ofSeconds(1),
          Duration.ofSeconds(1),
          Duration.ofMillis(200),
          8,
          ByteSize.ofMebibytes(5));

  private static S3ProxyProcess s3;

  private final PrometheusRegistry registry = new PrometheusRegistry();
  private FaultyProxy proxy;
  private ObjectStoreConfig config;
  private BucketObjectStore store;

  @BeforeAll
  static void start() throws Exception {
    s3 = S3ProxyProcess.shared();
  }

  @BeforeEach
  void open() throws IOException {
    proxy = FaultyProxy.before(s3.endpoint());
    config =
        ObjectStoreConfig.s3(
                proxy.endpoint(),
                s3.newBucket(),
                S3ProxyProcess.ACCESS_KEY,
                S3ProxyProcess.SECRET_KEY)
            .withRequests(QUICK);
    store = ObjectStores.bucket(config, registry);
    store.verify();
  }

  @AfterEach
  void close() throws IOException {
    store.close();
    proxy.close();
  }

  @Test
  void aLostAnswerToAConditionalWriteIsNoConflict() throws IOException {
    for (Fault fault :
        List.of(
            new Fault.LoseAnswer(500, "InternalError"),
            new Fault.LoseAnswer(503, "SlowDown"),
            new Fault.Break())) {
      String key = "lost/" + fault.getClass().getSimpleName() + fault.hashCode();
      proxy.plan(FaultPlan.first(1, method("PUT"), fault));
      String first = store.putIfAbsent(key, bytes("1"));
      proxy.plan(FaultPlan.first(1, method("PUT"), fault));
      String second = store.replace(key, first, bytes("2"));
      assertThat(requireNonNull(store.get(key, 10)).version()).isEqualTo(second);
      assertThat(text(key)).isEqualTo("2");
      proxy.plan(FaultPlan.first(1, method("DELETE"), fault));
      store.delete(key, second);
      assertThat(store.size(key)).isEmpty();
    }
    assertThat(retries("put")).isEqualTo(6);
  }

  @Test
  void aConflictBehindALostAnswerIsNotTakenForOurs() throws IOException {
    store.put("key", bytes("others"));
    proxy.plan(FaultPlan.first(1, method("PUT"), new Fault.Refuse(500, "InternalError")));
    assertThatThrownBy(() -> store.putIfAbsent("key", bytes("others")))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(VersionConflict.class)
        .hasMessageContaining("cannot be told");
    proxy.plan(
        FaultPlan.first(1, method("PUT"), new Fault.Refuse(409, "ConditionalRequestConflict")));
    assertThatThrownBy(() -> store.putIfAbsent("key", bytes("mine")))
        .isInstanceOf(VersionConflict.class);
    assertThat(text("key")).isEqualTo("others");
  }

  @Test
  void aBodyCutOffIsReadAgain() throws IOException {
    byte[] content = new byte[300_000];
    new Random(7).nextBytes(content);
    store.put("key", content);
    proxy.plan(FaultPlan.first(2, method("GET"), new Fault.Truncate()));
    assertThat(requireNonNull(store.get("key", 1 << 20)).bytes()).isEqualTo(content);
    proxy.plan(FaultPlan.first(2, method("GET"), new Fault.Truncate()));
    ByteBuffer range = ByteBuffer.allocateDirect(200_000);
    store.getRange("key", 1000, range);
    byte[] read = new byte[200_000];
    range.flip().get(read);
    assertThat(read).isEqualTo(java.util.Arrays.copyOfRange(content, 1000, 201_000));
    proxy.plan(FaultPlan.always(new Fault.Truncate()));
    assertThatThrownBy(
            () -> quick(Duration.ofSeconds(1)).getRange("key", 0, ByteBuffer.allocate(1000)))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("'key'")
        .hasMessageContaining(config.bucket())
        .hasMessageContaining("attempts");
  }

  @Test
  void whoIsAwayIsToldWithinTheTimeAndIsBackWithoutARestart() throws Exception {
    store.put("key", bytes("1"));
    BucketObjectStore impatient = quick(Duration.ofSeconds(2));
    proxy.goAway();
    assertThatThrownBy(() -> impatient.put("key", bytes("2")))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("no connection");
    proxy.comeBack();
    assertThat(requireNonNull(impatient.get("key", 10)).bytes()).isEqualTo(bytes("1"));
    proxy.plan(FaultPlan.always(new Fault.Hang()));
    long begin = System.nanoTime();
    assertThatThrownBy(() -> impatient.get("key", 10))
        .isInstanceOf(StoreUnavailable.class)
        .hasMessageContaining("no answer");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(4));
    proxy.plan(FaultPlan.none());
    assertThat(impatient.put("key", bytes("3"))).isNotEmpty();
    assertThat(text("key")).isEqualTo("3");
    s3.kill();
    assertThatThrownBy(() -> impatient.get("key", 10)).isInstanceOf(StoreUnavailable.class);
    s3.restart();
    assertThat(text("key")).isEqualTo("3");
  }

  @Test
  void moreCallsThanMayBeAtOnceWaitAndAreToldWhy() throws Exception {
    BucketObjectStore narrow =
        ObjectStores.bucket(
            config.withRequests(
                new Requests(
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(2),
                    Duration.ofSeconds(1),
                    Duration.ofMillis(200),
                    1,
                    QUICK.partSize())),
            new PrometheusRegistry());
    proxy.plan(FaultPlan.always(new Fault.Hang()));
    try (ExecutorService executor = Executors.newFixedThreadPool(2)) {
      List<Future<String>> results = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        results.add(
            executor.submit(() -> {
              try {
                narrow.size("key");
                return "answered";
              } catch (StoreUnavailable e) {
                return e.getMessage();
              }
            }));
      }
      List<String> told = new ArrayList<>();
      for (Future<String> result : results) {
        told.add(result.get(10, TimeUnit.SECONDS));
      }
      assertThat(told).anyMatch(text -> text.contains("requests.concurrency"));
    }
    narrow.close();
  }

  @Test
  void anInterruptEndsACallThatWaits() throws Exception {
    proxy.plan(FaultPlan.always(new Fault.Hang()));
    List<Throwable> thrown = new ArrayList<>();
    Thread reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                store.get("key", 10);
              } catch (IOException | RuntimeException e) {
                thrown.add(e);
              }
            });
    while (proxy.requests() == 0) {
      Thread.onSpinWait();
    }
    reader.interrupt();
    reader.join(Duration.ofSeconds(5));
    assertThat(reader.isAlive()).isFalse();
    assertThat(thrown).hasSize(1).first().isInstanceOf(java.io.InterruptedIOException.class);
  }

  @Test
  void aClockThatIsWrongIsCorrected() throws IOException {
    proxy.plan(FaultPlan.always(new Fault.Skew(Duration.ofHours(2))));
    store.put("key", bytes("1"));
    assertThat(text("key")).isEqualTo("1");
  }

  @Test
  void largeObjectsComeWholeThroughFaults() throws IOException {
    byte[] content = new byte[12 << 20];
    new Random(3).nextBytes(content);
    proxy.plan(
        FaultPlan.some(
            0.3,
            11,
            new Fault.LoseAnswer(500, "InternalError"),
            new Fault.Refuse(503, "SlowDown"),
            new Fault.Break()));
    try (ObjectWriter writer = store.create("large/object")) {
      ByteBuffer source = ByteBuffer.wrap(content);
      while (source.hasRemaining()) {
        int count = Math.min(source.remaining(), 1_000_000);
        writer.write(source.slice(source.position(), count));
        source.position(source.position() + count);
      }
      assertThat(writer.length()).isEqualTo(content.length);
      writer.finish();
    }
    proxy.plan(FaultPlan.none());
    assertThat(requireNonNull(store.get("large/object", 16 << 20)).bytes()).isEqualTo(content);
    try (ObjectWriter writer = store.create("large/object")) {
      writer.write(ByteBuffer.wrap(content));
      assertThatThrownBy(writer::finish).isInstanceOf(VersionConflict.class);
    }
    try (ObjectWriter writer = store.create("large/left")) {
      writer.write(ByteBuffer.wrap(content));
    }
    assertThat(store.list("large/", "", 10))
        .containsExactly(new ObjectSummary("large/object", content.length));
  }

  @Test
  void listingsThatLagCatchUp() throws IOException {
    store.put("old", bytes("1"));
    store.put("new", bytes("2"));
    proxy.plan(FaultPlan.always(new Fault.StaleListings(Duration.ofHours(1))));
    assertThat(store.list("", "", 10)).isEmpty();
    assertThat(text("new")).isEqualTo("2");
    proxy.plan(FaultPlan.none());
    assertThat(store.list("", "", 10)).extracting(ObjectSummary::key).containsExactly("new", "old");
  }

  @Test
  void whatWasAcknowledgedUnderFaultsIsThereAfterwards() throws Exception {
    proxy.plan(
        FaultPlan.some(
            0.25,
            5,
            new Fault.LoseAnswer(500, "InternalError"),
            new Fault.Refuse(503, "SlowDown"),
            new Fault.Refuse(500, "InternalError"),
            new Fault.Break(),
            new Fault.Truncate(),
            new Fault.Slow(Duration.ofMillis(50))));
    Map<String, Integer> acknowledged = new ConcurrentHashMap<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      List<Future<?>> writers = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        String key = "counter/" + writer;
        writers.add(executor.submit(() -> count(key, acknowledged)));
      }
      for (Future<?> writer : writers) {
        writer.get(120, TimeUnit.SECONDS);
      }
    }
    proxy.plan(FaultPlan.none());
    assertThat(acknowledged).hasSize(4);
    for (Map.Entry<String, Integer> counter : acknowledged.entrySet()) {
      assertThat(Integer.parseInt(text(counter.getKey())))
          .as(counter.getKey())
          .isGreaterThanOrEqualTo(counter.getValue());
    }
  }

  // Each swap is acknowledged or its outcome read again, as the store's users do.
  private Void count(String key, Map<String, Integer> acknowledged) throws IOException {
    String version = store.put(key, bytes("0"));
    for (int value = 1; value <= 20; value++) {
      try {
        version = store.replace(key, version, bytes(Integer.toString(value)));
      } catch (VersionConflict e) {
        throw new AssertionError("nobody else writes " + key, e);
      }
      acknowledged.put(key, value);
    }
    return null;
  }

  private BucketObjectStore quick(Duration time) throws IOException {
    return ObjectStores.bucket(
        config.withRequests(QUICK.withTimes(time, Duration.ofMillis(800), Duration.ofMillis(200))),
        new PrometheusRegistry());
  }

  private double retries(String operation) {
    return registry.scrape(name -> name.equals("skopos_object_store_retries")).stream()
        .map(CounterSnapshot.class::cast)
        .flatMap(snapshot -> snapshot.getDataPoints().stream())
        .filter(point -> operation.equals(point.getLabels().get("operation")))
        .mapToDouble(CounterSnapshot.CounterDataPointSnapshot::getValue)
        .sum();
  }

  private String text(String key) throws IOException {
    return new String(requireNonNull(store.get(key, 1 << 20), key).bytes(), StandardCharsets.UTF_8);
  }

  private static Predicate<HttpMessage> method(String name) {
    return request -> request.method().equals(name);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
