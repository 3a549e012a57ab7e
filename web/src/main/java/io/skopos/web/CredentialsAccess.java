// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import at.favre.lib.crypto.bcrypt.BCrypt;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.RequestHeaders;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * Access by a credentials file. A password costs a bcrypt computation of tens of milliseconds, so
 * right ones are remembered (as keyed hashes, a bounded number) and only a few are computed at
 * once: guessing passwords slows other new sign-ins, not those already in.
 */
final class CredentialsAccess implements Access, Reloadable {

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

  CredentialsAccess(Path file) throws IOException {
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
  public Caller authenticate(RequestHeaders headers) {
    String header = headers.get(HttpHeaderNames.AUTHORIZATION, "").strip();
    int space = header.indexOf(' ');
    String scheme = space < 0 ? header : header.substring(0, space);
    String value = space < 0 ? "" : header.substring(space + 1).strip();
    if (scheme.equalsIgnoreCase("Bearer")) {
      Caller caller = credentials.tokens().get(HexFormat.of().formatHex(sha256(utf8(value))));
      if (caller != null) {
        return caller;
      }
      throw unauthorized("the bearer token is not known");
    }
    if (scheme.equalsIgnoreCase("Basic")) {
      return password(value);
    }
    throw unauthorized(
        header.isEmpty()
            ? "this server needs credentials: basic auth or a bearer token"
            : "the Authorization header is neither Basic nor Bearer");
  }

  private Caller password(String encoded) {
    byte[] decoded;
    try {
      decoded = Base64.getDecoder().decode(encoded);
    } catch (IllegalArgumentException e) {
      throw unauthorized("the Authorization header is not valid base64");
    }
    String pair = new String(decoded, StandardCharsets.UTF_8);
    int colon = pair.indexOf(':');
    Credentials.User user = colon < 0 ? null : credentials.users().get(pair.substring(0, colon));
    byte[] password = utf8(pair.substring(colon + 1));
    // An unknown user costs the same time as a wrong password.
    byte[] hash = user == null ? dummyHash : user.bcryptHash();
    if (password.length > MAX_PASSWORD_BYTES || !verify(decoded, password, hash) || user == null) {
      throw unauthorized("the user or the password is wrong");
    }
    return user.caller();
  }

  private boolean verify(byte[] pair, byte[] password, byte[] hash) {
    ByteBuffer key = ByteBuffer.wrap(sha256(rememberKey, pair, hash));
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

  private static HttpError unauthorized(String message) {
    return new HttpError(401, "unauthorized", message)
        .header("WWW-Authenticate", "Basic realm=\"Skopos\", charset=\"UTF-8\"");
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] sha256(byte[]... parts) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      for (byte[] part : parts) {
        digest.update(part);
      }
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
