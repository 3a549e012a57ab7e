// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.storage.objects.ObjectStoreConfig.Addressing;
import io.skopos.storage.objects.ObjectStoreConfig.Credentials;
import io.skopos.storage.objects.ObjectStoreConfig.Encryption;
import io.skopos.storage.objects.ObjectStoreConfig.Requests;
import io.skopos.storage.objects.ObjectStoreConfig.Tls;
import io.skopos.storage.objects.ObjectWriter;
import io.skopos.testkit.http.Fault;
import io.skopos.testkit.http.FaultyProxy;
import io.skopos.testkit.http.HttpMessage;
import io.skopos.testkit.process.FreePort;
import io.skopos.testkit.process.S3ProxyProcess;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS with an authority of one's own, the bucket in the host's name, encryption by the store. */
final class S3ReachTest {

  private static final String PASSWORD = "of-tests";
  private static final String HOST = "s3.test";

  @TempDir Path work;

  private static ObjectStoreConfig config(
      String endpoint, String bucket, Addressing addressing, Encryption encryption, Tls tls) {
    return new ObjectStoreConfig(
        ObjectStoreConfig.Type.S3,
        bucket,
        "",
        endpoint,
        "",
        "",
        addressing,
        "",
        Credentials.accessKey(S3ProxyProcess.ACCESS_KEY, S3ProxyProcess.SECRET_KEY),
        encryption,
        tls,
        Requests.defaults());
  }

  /** In a process whose names of hosts are those of a file. */
  public static void main(String[] arguments) throws IOException {
    String endpoint = arguments[0];
    String bucket = arguments[1];
    Tls trusting = new Tls(arguments[2], false);
    for (Addressing addressing : List.of(Addressing.VIRTUAL_HOST, Addressing.PATH)) {
      try (BucketObjectStore store =
          ObjectStores.bucket(
              config(endpoint, bucket, addressing, Encryption.none(), trusting),
              new PrometheusRegistry())) {
        System.out.println(addressing + ": " + store.verify());
        String _ = store.put("by/" + addressing, new byte[] {1, 2, 3});
        System.out.println(store.list("by/", "", 10));
      }
    }
    Requests impatient =
        new Requests(
            Duration.ofSeconds(2),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            Duration.ofSeconds(1),
            4,
            Requests.defaults().partSize());
    try (BucketObjectStore distrusting =
        ObjectStores.bucket(
            config(endpoint, bucket, Addressing.PATH, Encryption.none(), Tls.defaults())
                .withRequests(impatient),
            new PrometheusRegistry())) {
      System.out.println(distrusting.verify());
    } catch (IOException e) {
      System.out.println("not trusted: " + e.getMessage());
    }
  }

  @Test
  void overTlsAndWithTheBucketInTheHostsName() throws Exception {
    Path keys = work.resolve("keys.p12");
    Path authority = work.resolve("ca.pem");
    keytool(
        "-genkeypair",
        "-alias",
        "s3",
        "-keyalg",
        "EC",
        "-dname",
        "CN=localhost",
        "-ext",
        "san=dns:" + HOST + ",dns:*." + HOST,
        "-storetype",
        "PKCS12",
        "-keystore",
        keys.toString());
    keytool(
        "-exportcert",
        "-rfc",
        "-alias",
        "s3",
        "-keystore",
        keys.toString(),
        "-file",
        authority.toString());
    int port = FreePort.find();
    try (S3ProxyProcess s3 =
        S3ProxyProcess.start(
            work.resolve("s3"),
            List.of(
                "s3proxy.secure-endpoint=https://127.0.0.1:" + port,
                "s3proxy.keystore-path=" + keys.toAbsolutePath(),
                "s3proxy.keystore-password=" + PASSWORD,
                "s3proxy.virtual-host=" + HOST))) {
      String bucket = s3.newBucket();
      Path hosts = work.resolve("hosts");
      Files.writeString(hosts, "127.0.0.1 " + HOST + "\n127.0.0.1 " + bucket + "." + HOST + "\n");
      Process child =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-XX:TieredStopAtLevel=1",
                  "-XX:+UseSerialGC",
                  "-Djdk.net.hosts.file=" + hosts,
                  "-cp",
                  System.getProperty("java.class.path"),
                  S3ReachTest.class.getName(),
                  "https://" + HOST + ":" + port,
                  bucket,
                  authority.toString())
              .redirectErrorStream(true)
              .start();
      String output = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      assertThat(output)
          .contains("VIRTUAL_HOST: Abilities[conditionalDelete=true")
          .contains("PATH: Abilities[conditionalDelete=true")
          .contains("ObjectSummary[key=by/VIRTUAL_HOST, size=3]")
          .contains("ObjectSummary[key=by/PATH, size=3]")
          .contains("not trusted: ")
          .containsIgnoringCase("certif");
      assertThat(s3.directoryOf(bucket).resolve("by/VIRTUAL_HOST")).exists();
    }
  }

  /** The store here would not take the headers; that they are sent is seen before it. */
  @Test
  void encryptionIsAskedForWithEveryObject() throws Exception {
    S3ProxyProcess s3 = S3ProxyProcess.shared();
    List<HttpMessage> sent = Collections.synchronizedList(new ArrayList<>());
    try (FaultyProxy recorder = FaultyProxy.before(s3.endpoint());
        BucketObjectStore store =
            ObjectStores.bucket(
                config(
                    recorder.endpoint(),
                    s3.newBucket(),
                    Addressing.AUTO,
                    new Encryption(Encryption.Kind.KMS, "key-of-tests"),
                    Tls.defaults()),
                new PrometheusRegistry())) {
      recorder.plan(request -> {
        sent.add(request);
        return new Fault.Refuse(403, "AccessDenied");
      });
      assertThatThrownBy(() -> store.put("small", new byte[10])).isInstanceOf(IOException.class);
      assertThatThrownBy(
              () -> {
                try (ObjectWriter writer = store.create("large")) {
                  byte[] piece = new byte[1 << 20];
                  for (int i = 0; i < 64; i++) {
                    writer.write(ByteBuffer.wrap(piece));
                  }
                  writer.finish();
                }
              })
          .isInstanceOf(IOException.class);
    }
    assertThat(sent).extracting(HttpMessage::method).contains("PUT", "POST");
    assertThat(sent)
        .filteredOn(request -> !request.method().equals("DELETE"))
        .allSatisfy(request -> {
          assertThat(request.header("x-amz-server-side-encryption")).isEqualTo("aws:kms");
          assertThat(request.header("x-amz-server-side-encryption-aws-kms-key-id"))
              .isEqualTo("key-of-tests");
        });
  }

  private static void keytool(String... arguments) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storepass", PASSWORD));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }
}
