// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import at.favre.lib.crypto.bcrypt.BCrypt;
import io.skopos.web.HttpError;
import io.skopos.web.Reloadable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Callers by a credentials file: passwords and tokens. A password costs a bcrypt computation of
 * tens of milliseconds, so right ones are remembered (as keyed hashes, a bounded number) and only a
 * few are computed at once: guessing passwords slows other new sign-ins, not those already in.
 */
final class CredentialsFile implements CallerSource, Reloadable {

  private static final int MAX_REMEMBERED = 1000;

  /** bcrypt looks at no more; longer ones would be compared in part. */
  private static final int MAX_PASSWORD_BYTES = 72;

  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Path file;
  private final byte[] rememberKey = new byte[32];
  private final byte[] dummyHash;
  private final Semaphore computations =
      new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
  private final Map<ByteBuffer, Boolean> remembered =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<ByteBuffer, Boolean> eldest) {
          return size() > MAX_REMEMBERED;
        }
      };
  private volatile Credentials credentials;

  CredentialsFile(Path file) throws IOException {
    this.file = file;
    this.credentials = Credentials.read(file);
    new SecureRandom().nextBytes(rememberKey);
    dummyHash = BCrypt.withDefaults().hash(10, rememberKey);
  }

  @Override
  public void reload() throws IOException {
    credentials = Credentials.read(file);
  }

  @Override
  public Path[] files() {
    return new Path[] {file};
  }

  @Override
  public @Nullable Standing find(Presented presented) {
    String token = presented.authorization("Bearer");
    if (token != null) {
      String hash = Secrets.sha256Hex(token);
      return credentials.tokens().containsKey(hash) ? () -> credentials.tokens().get(hash) : null;
    }
    String pair = presented.authorization("Basic");
    if (pair != null) {
      return password(presented, pair);
    }
    X509Certificate certificate = presented.certificate();
    return certificate == null || presented.hasAuthorization() ? null : holder(certificate);
  }

  private @Nullable Standing holder(X509Certificate certificate) {
    for (String name : CertificateNames.of(certificate)) {
      if (credentials.certificates().containsKey(name)) {
        return () -> credentials.certificates().get(name);
      }
    }
    return null;
  }

  private Standing password(Presented presented, String encoded) {
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      throw AccessControl.unauthorized(presented, "the Authorization header is not valid base64");
    }
    String pair = new String(decoded, StandardCharsets.UTF_8);
    int colon = pair.indexOf(':');
    String name = colon < 0 ? "" : pair.substring(0, colon);
    Credentials.User user = colon < 0 ? null : credentials.users().get(name);
    byte[] password = pair.substring(colon + 1).getBytes(StandardCharsets.UTF_8);
    // An unknown user costs the same time as a wrong password.
    byte[] hash = user == null ? dummyHash : user.bcryptHash();
    if (password.length > MAX_PASSWORD_BYTES || !verify(decoded, password, hash) || user == null) {
      throw AccessControl.unauthorized(presented, "the user or the password is wrong");
    }
    return () -> {
      Credentials.User now = credentials.users().get(name);
      return now != null && Arrays.equals(now.bcryptHash(), hash) ? now.caller() : null;
    };
  }

  private boolean verify(byte[] pair, byte[] password, byte[] hash) {
    ByteBuffer key = ByteBuffer.wrap(Secrets.sha256(rememberKey, pair, hash));
    synchronized (remembered) {
      if (remembered.get(key) != null) {
        return true;
      }
    }
    boolean right;
    try {
      if (!computations.tryAcquire(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw HttpError.unavailable("too many sign-ins at once; try again", PATIENCE);
      }
      try {
        right = BCrypt.verifyer().verify(password, hash).verified;
      } finally {
        computations.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw HttpError.unavailable("the server is shutting down", PATIENCE);
    }
    if (right) {
      synchronized (remembered) {
        remembered.put(key, true);
      }
    }
    Arrays.fill(password, (byte) 0);
    return right;
  }
}
