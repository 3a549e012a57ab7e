// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import io.skopos.web.HttpError;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells who sends a request. Thread-safe. */
public final class AccessControl {

  private final boolean on;
  private final List<CallerSource> sources;
  private final Sessions sessions;
  private final boolean asksOthers;

  /**
   * @param asksOthers whether a source may have to ask another server
   */
  AccessControl(boolean on, List<CallerSource> sources, Sessions sessions, boolean asksOthers) {
    this.asksOthers = on && asksOthers;
    this.on = on;
    this.sources = List.copyOf(sources);
    this.sessions = sessions;
  }

  /** False when everyone may do everything. */
  public boolean isOn() {
    return on;
  }

  /** Whether telling who calls may wait for another server. */
  public boolean asksOthers() {
    return asksOthers;
  }

  Sessions sessions() {
    return sessions;
  }

  /**
   * Who it is; explicit credentials win over a session's cookie.
   *
   * @throws HttpError 401 when the credentials are missing or wrong
   */
  public Caller authenticate(Presented presented) {
    if (!on) {
      return Caller.ANYONE;
    }
    Caller caller = callerOrNull(presented);
    if (caller != null) {
      return caller;
    }
    if (presented.hasAuthorization()) {
      throw unauthorized(
          presented,
          presented.authorization("Bearer") != null
              ? "the bearer token is not known, was revoked or has expired"
              : presented.authorization("Basic") != null
                  ? "the user or the password is wrong"
                  : "the Authorization header is neither Basic nor Bearer");
    }
    throw unauthorized(
        presented,
        presented.cookie(Sessions.COOKIE) != null
            ? "the session is over; sign in again"
            : "this server needs credentials: a bearer token, basic auth or a session");
  }

  @Nullable Caller callerOrNull(Presented presented) {
    Standing standing = standing(presented);
    if (standing == null && !presented.hasAuthorization()) {
      standing = sessions.find(presented);
    }
    return standing == null ? null : standing.now();
  }

  /** By credentials other than a session. */
  @Nullable Standing standing(Presented presented) {
    for (CallerSource source : sources) {
      Standing standing = source.find(presented);
      if (standing != null) {
        return standing;
      }
    }
    return null;
  }

  static HttpError unauthorized(Presented presented, String message) {
    String bearer =
        "Bearer realm=\"Skopos\""
            + (presented.authorization("Bearer") != null ? ", error=\"invalid_token\"" : "");
    return new HttpError(401, "unauthorized", message)
        .header(
            "WWW-Authenticate",
            presented.fromScript()
                ? bearer
                : "Basic realm=\"Skopos\", charset=\"UTF-8\", " + bearer);
  }
}
