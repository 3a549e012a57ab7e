// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * S3Proxy as a subprocess: a real store that speaks S3, its buckets directories below a work
 * directory. Its jars come from the module beside this one. It can be killed and started again on
 * its port; what it holds stays.
 */
public final class S3ProxyProcess implements AutoCloseable {

  public static final String ACCESS_KEY = "skopos-test";
  public static final String SECRET_KEY = "a-secret-of-tests";

  private static final Duration START_LIMIT = Duration.ofSeconds(60);

  private static @Nullable S3ProxyProcess shared;

  private final Path work;
  private final int port;
  private final AtomicInteger nextBucket = new AtomicInteger();
  private final List<String> further;
  private ChildProcess process;

  private S3ProxyProcess(Path work, int port, List<String> further) throws IOException {
    this.work = work;
    this.port = port;
    this.further = further;
    this.process = launch();
  }

  /** Starts one that keeps its buckets below {@code work}, and waits until it answers. */
  public static S3ProxyProcess start(Path work) throws IOException, InterruptedException {
    return start(work, List.of());
  }

  /**
   * One with more settings.
   *
   * @param further lines of its properties
   */
  public static S3ProxyProcess start(Path work, List<String> further)
      throws IOException, InterruptedException {
    Files.createDirectories(work.resolve("buckets"));
    S3ProxyProcess proxy = new S3ProxyProcess(work, FreePort.find(), further);
    proxy.awaitReady();
    return proxy;
  }

  /**
   * One for all tests of this process, each of which makes buckets of its own in it. It ends with
   * the process: who kills it restarts it, nobody closes it.
   */
  public static synchronized S3ProxyProcess shared() throws IOException, InterruptedException {
    S3ProxyProcess running = shared;
    if (running == null) {
      Path work = Files.createTempDirectory("skopos-s3");
      S3ProxyProcess started = start(work);
      Runtime.getRuntime()
          .addShutdownHook(Thread.ofPlatform().unstarted(() -> started.closeAndDelete()));
      shared = started;
      running = started;
    }
    return running;
  }

  private void closeAndDelete() {
    close();
    try (Stream<Path> files = Files.walk(work)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      System.err.println("cannot remove " + work + ": " + e);
    }
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** Makes an empty bucket and returns its name. */
  public String newBucket() throws IOException {
    String bucket = "bucket-" + nextBucket.incrementAndGet();
    Files.createDirectories(directoryOf(bucket));
    return bucket;
  }

  /** Where the bucket's objects lie, for tests that damage them. */
  public Path directoryOf(String bucket) {
    return work.resolve("buckets").resolve(bucket);
  }

  public int port() {
    return port;
  }

  public String output() {
    return process.output();
  }

  /** SIGKILL. */
  public void kill() throws InterruptedException {
    process.kill();
  }

  /** Starts it again on the same port. */
  public void restart() throws IOException, InterruptedException {
    process.close();
    process = launch();
    awaitReady();
  }

  @Override
  public void close() {
    process.close();
  }

  private void awaitReady() throws InterruptedException {
    process.await(this::answers, START_LIMIT);
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private ChildProcess launch() throws IOException {
    Path properties = work.resolve("s3proxy.properties");
    Files.writeString(
        properties,
        String.join(
            "\n",
            "s3proxy.endpoint=" + endpoint(),
            "s3proxy.authorization=aws-v4",
            "s3proxy.identity=" + ACCESS_KEY,
            "s3proxy.credential=" + SECRET_KEY,
            // A proxy of tests plays with the clock.
            "s3proxy.maximum-timeskew=1000000",
            "jclouds.provider=filesystem-nio2",
            "jclouds.identity=unused",
            "jclouds.credential=unused",
            "jclouds.filesystem.basedir=" + work.resolve("buckets").toAbsolutePath(),
            String.join("\n", further),
            ""),
        StandardCharsets.ISO_8859_1);
    Path logging = work.resolve("logback.xml");
    Files.writeString(
        logging,
        """
        <configuration>
          <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
            <encoder><pattern>%d %-5level %logger{20} %msg%n</pattern></encoder>
          </appender>
          <root level="WARN"><appender-ref ref="out"/></root>
        </configuration>
        """);
    return ChildProcess.start(
        work,
        work.resolve("s3proxy.log"),
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx160m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Dlogback.configurationFile=" + logging.toAbsolutePath(),
            "-cp",
            classPath(),
            "org.gaul.s3proxy.Main",
            "--properties",
            properties.toAbsolutePath().toString()));
  }

  // Tests run in their module's directory, or in the tree's root from an IDE.
  private static String classPath() throws IOException {
    Path start = Path.of("").toAbsolutePath();
    for (Path at = start; at != null; at = at.getParent()) {
      Path file = at.resolve("testkit/s3proxy/target/class-path");
      if (Files.isRegularFile(file)) {
        return Files.readString(file).strip();
      }
    }
    throw new AssertionError(
        "no testkit/s3proxy/target/class-path above "
            + start
            + "; ./mvnw generate-resources -pl testkit/s3proxy makes it");
  }
}
