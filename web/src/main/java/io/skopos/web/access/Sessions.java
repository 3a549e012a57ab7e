// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Who has signed in with a browser. Sessions live in memory, by the hash of their cookie; a restart
 * ends them. Of more than the bound the one used longest ago ends. Each use asks again for the
 * credentials behind it, so that a revoked token ends its sessions at once. Thread-safe.
 */
final class Sessions {

  static final String COOKIE = "skopos_session";

  private static final int MAX_SESSIONS = 10_000;

  private final Duration lifetime;
  private final InstantSource clock;
  private final Map<String, Session> byHash =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Session> eldest) {
          return size() > MAX_SESSIONS;
        }
      };

  private record Session(Standing standing, Instant ends) {}

  Sessions(Duration lifetime, InstantSource clock) {
    this.lifetime = lifetime;
    this.clock = clock;
  }

  /** Begins one and returns its secret, for the cookie. */
  String begin(Standing standing) {
    String secret = Secrets.draw();
    synchronized (byHash) {
      byHash.put(Secrets.sha256Hex(secret), new Session(standing, clock.instant().plus(lifetime)));
    }
    return secret;
  }

  @Nullable Standing find(Presented presented) {
    String secret = presented.cookie(COOKIE);
    if (secret == null) {
      return null;
    }
    String hash = Secrets.sha256Hex(secret);
    Session session;
    synchronized (byHash) {
      session = byHash.get(hash);
    }
    if (session == null) {
      return null;
    }
    if (clock.instant().isBefore(session.ends())) {
      return session.standing();
    }
    synchronized (byHash) {
      byHash.remove(hash, session);
    }
    return null;
  }

  void end(Presented presented) {
    String secret = presented.cookie(COOKIE);
    if (secret != null) {
      synchronized (byHash) {
        byHash.remove(Secrets.sha256Hex(secret));
      }
    }
  }

  /** The value of Set-Cookie. */
  String cookie(String secret, boolean secure) {
    return COOKIE
        + "="
        + secret
        + "; Path=/; Max-Age="
        + lifetime.toSeconds()
        + "; HttpOnly; SameSite=Strict"
        + (secure ? "; Secure" : "");
  }

  static String endedCookie(boolean secure) {
    return COOKIE + "=; Path=/; Max-Age=0; HttpOnly; SameSite=Strict" + (secure ? "; Secure" : "");
  }

  int size() {
    synchronized (byHash) {
      return byHash.size();
    }
  }
}
