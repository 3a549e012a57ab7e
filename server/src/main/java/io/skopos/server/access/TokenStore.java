// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.access;

import io.skopos.model.TenantId;
import io.skopos.storage.documents.Document;
import io.skopos.storage.documents.DocumentConflict;
import io.skopos.storage.documents.Documents;
import io.skopos.web.HttpError;
import io.skopos.web.access.Caller;
import io.skopos.web.access.Secrets;
import io.skopos.web.access.TokenLookup;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens, kept as documents of the kind {@code token}, all of them in memory by the hash of their
 * secret. Thread-safe.
 */
public final class TokenStore implements TokenLookup, AutoCloseable {

  /** Before every secret, so that scanners of repositories and logs know one when they see it. */
  static final String PREFIX = "skopos_";

  static final int MAX_TOKENS = 10_000;

  private static final Logger LOG = LoggerFactory.getLogger(TokenStore.class);
  private static final String KIND = "token";
  private static final int PAGE = 1000;

  /** Whose documents concern the server and no tenant. */
  static final TenantId SERVER = new TenantId("__skopos__");

  private final Documents documents;
  private final InstantSource clock;
  private final Map<String, Token> byHash = new ConcurrentHashMap<>();
  private final Map<String, String> hashByName = new ConcurrentHashMap<>();
  private final Documents.Watch watch;

  public TokenStore(Documents documents, InstantSource clock) throws IOException {
    this.documents = documents;
    this.clock = clock;
    this.watch = documents.watch(KIND, (tenant, kind, name, now) -> changed(name, now));
    String after = "";
    while (true) {
      List<Document> page = documents.list(SERVER, KIND, after, PAGE);
      if (page.isEmpty()) {
        break;
      }
      page.forEach(document -> changed(document.name(), document));
      after = page.getLast().name();
    }
  }

  private synchronized void changed(String name, @Nullable Document now) {
    String before = hashByName.remove(name);
    if (before != null) {
      byHash.remove(before);
    }
    if (now == null) {
      return;
    }
    try {
      Token token = TokenJson.token(name, now.created(), now.content());
      byHash.put(token.sha256(), token);
      hashByName.put(name, token.sha256());
    } catch (IOException | RuntimeException e) {
      LOG.error("the token '{}' cannot be used: {}", name, e.getMessage());
    }
  }

  @Override
  public @Nullable Caller byHash(String sha256) {
    Token token = byHash.get(sha256);
    if (token == null) {
      return null;
    }
    Instant now = clock.instant();
    if (token.expired(now)) {
      return null;
    }
    Instant used = token.lastUsed();
    if (used == null || used.until(now, ChronoUnit.SECONDS) >= 60) {
      byHash.computeIfPresent(
          sha256,
          (_, known) ->
              new Token(
                  known.sha256(),
                  known.caller(),
                  known.created(),
                  known.createdBy(),
                  now.truncatedTo(ChronoUnit.SECONDS)));
    }
    return token.caller();
  }

  /** By name. */
  List<Token> list() {
    return byHash.values().stream()
        .sorted((one, other) -> one.name().compareTo(other.name()))
        .toList();
  }

  @Nullable Token named(String name) {
    String hash = hashByName.get(name);
    return hash == null ? null : byHash.get(hash);
  }

  /** Makes a token and returns its secret, which is not kept. */
  String create(Caller wanted, String createdBy) throws IOException {
    if (byHash.size() >= MAX_TOKENS) {
      throw new HttpError(
          409, "conflict", "there are " + MAX_TOKENS + " tokens, which is the limit; revoke some");
    }
    String secret = PREFIX + Secrets.draw();
    Token token = new Token(Secrets.sha256Hex(secret), wanted, clock.instant(), createdBy, null);
    try {
      documents.create(SERVER, KIND, token.name(), TokenJson.document(token));
    } catch (DocumentConflict e) {
      throw new HttpError(
          409, "conflict", "there is a token named '" + token.name() + "'; revoke it first");
    }
    return secret;
  }

  /** False when there was none of that name. */
  boolean revoke(String name) throws IOException {
    Document document = documents.get(SERVER, KIND, name);
    if (document == null) {
      return false;
    }
    documents.remove(SERVER, KIND, name, document.etag());
    return true;
  }

  @Override
  public void close() {
    watch.close();
  }
}
