// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.process;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Assumptions;

/**
 * Azurite, Microsoft's emulator of its storage, as a subprocess. Its 360 MB of packages are not
 * fetched by a build: {@code npm install azurite}, and {@code SKOPOS_AZURITE} names {@code
 * node_modules/.bin/azurite-blob}.
 */
public final class AzuriteProcess implements AutoCloseable {

  /** The account and key that its makers publish for it. */
  public static final String ACCOUNT = "devstoreaccount1";

  public static final String KEY =
      "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

  private final ChildProcess process;
  private final int port;
  private final AtomicInteger nextContainer = new AtomicInteger();

  private AzuriteProcess(ChildProcess process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * @throws org.opentest4j.TestAbortedException when there is none: the test is skipped
   */
  public static AzuriteProcess start(Path work) throws IOException, InterruptedException {
    String script = System.getenv().getOrDefault("SKOPOS_AZURITE", "");
    if (script.isEmpty()) {
      String reason = "skipped: SKOPOS_AZURITE names no azurite-blob (npm install azurite)";
      System.out.println(reason);
      Assumptions.abort(reason);
    }
    int port = FreePort.find();
    ChildProcess process =
        ChildProcess.start(
            work,
            work.resolve("azurite.log"),
            List.of(
                script,
                "--silent",
                "--blobHost",
                "127.0.0.1",
                "--blobPort",
                Integer.toString(port),
                "--location",
                work.toString()));
    AzuriteProcess azurite = new AzuriteProcess(process, port);
    process.await(azurite::answers, Duration.ofSeconds(60));
    return azurite;
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  /** Makes an empty container and returns its name. */
  public String newContainer() throws IOException, InterruptedException {
    String name = "container-" + nextContainer.incrementAndGet();
    String date =
        DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
            .withZone(ZoneOffset.UTC)
            .format(Instant.now());
    String path = "/" + ACCOUNT + "/" + name;
    String signed =
        "PUT\n\n\n\n\n\n\n\n\n\n\n\nx-ms-date:"
            + date
            + "\nx-ms-version:2021-12-02\n/"
            + ACCOUNT
            + path
            + "\nrestype:container";
    try (HttpClient http = HttpClient.newHttpClient()) {
      HttpResponse<String> answer =
          http.send(
              HttpRequest.newBuilder(URI.create(endpoint() + path + "?restype=container"))
                  .PUT(HttpRequest.BodyPublishers.noBody())
                  .header("x-ms-date", date)
                  .header("x-ms-version", "2021-12-02")
                  .header("authorization", "SharedKey " + ACCOUNT + ":" + sign(signed))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer.statusCode() != 201) {
        throw new AssertionError(answer.statusCode() + " " + answer.body());
      }
    }
    return name;
  }

  @Override
  public void close() {
    process.close();
  }

  private boolean answers() {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      return socket.isConnected();
    } catch (IOException e) {
      return false;
    }
  }

  private static String sign(String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Base64.getDecoder().decode(KEY), "HmacSHA256"));
      return Base64.getEncoder().encodeToString(mac.doFinal(text.getBytes(StandardCharsets.UTF_8)));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}
