// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** A certificate authority and what it issued, made by openssl in a directory. */
public final class TestCertificates {

  private final Path directory;

  public TestCertificates(Path directory) throws Exception {
    this.directory = directory;
    run(
        "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=authority -keyout ca.key -out"
            + " ca.pem");
  }

  public Path file(String name) {
    return directory.resolve(name);
  }

  String text(String name) throws IOException {
    return Files.readString(file(name));
  }

  /** Makes NAME.pem and NAME.key, with a key of that kind ({@code rsa} or {@code ec}). */
  public void issue(String name, String kind, String alternativeNames) throws Exception {
    String key = kind.equals("rsa") ? "rsa:2048" : "ec -pkeyopt ec_paramgen_curve:P-256";
    run(
        "openssl req -newkey %s -nodes -subj /CN=%s -addext subjectAltName=%s -keyout %s.key -out %s.csr"
            .formatted(key, name, alternativeNames, name, name));
    run(
        "openssl x509 -req -in %s.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -copy_extensions copy -out %s.pem"
            .formatted(name, name));
    // The forms of keys older than PKCS #8.
    run(
        (kind.equals("rsa")
                ? "openssl rsa -in %s.key -traditional -out %s.old.key"
                : "openssl ec -in %s.key -out %s.old.key")
            .formatted(name, name));
  }

  /**
   * For a side that trusts certificates of the authority.
   *
   * @param name of the certificate that it shows; null for none
   */
  public SSLContext server(@Nullable String name) throws Exception {
    KeyStore keys = KeyStore.getInstance(KeyStore.getDefaultType());
    keys.load(null, null);
    if (name != null) {
      keys.setKeyEntry(
          "server",
          PemText.privateKey(text(name + ".key"), name),
          new char[0],
          PemText.certificates(text(name + ".pem"), name).toArray(new Certificate[0]));
    }
    KeyManagerFactory shown =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    shown.init(keys, new char[0]);
    KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
    trusted.load(null, null);
    trusted.setCertificateEntry("ca", PemText.certificates(text("ca.pem"), "ca").iterator().next());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(shown.getKeyManagers(), trust.getTrustManagers(), null);
    return context;
  }

  private void run(String command) throws Exception {
    Process process =
        new ProcessBuilder(command.split(" "))
            .directory(directory.toFile())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes());
    if (!process.waitFor(20, TimeUnit.SECONDS) || process.exitValue() != 0) {
      throw new IOException(command + ": " + output);
    }
  }
}
