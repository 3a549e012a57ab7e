// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.access;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.model.TenantId;
import io.skopos.model.config.PrometheusDuration;
import io.skopos.web.HttpError;
import io.skopos.web.access.Caller;
import io.skopos.web.access.Right;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Tokens as documents and in answers, and what a request for a new one says. */
final class TokenJson {

  private static final int MAX_TENANTS = 1000;
  private static final JsonFactory JSON = new JsonFactory();

  private TokenJson() {}

  /** As it is kept: everything but the name and the times, which the document has. */
  static byte[] document(Token token) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeStringField("sha256", token.sha256());
      writeGrant(json, token.caller());
      json.writeStringField("createdBy", token.createdBy());
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot fail", e);
    }
    return out.toByteArray();
  }

  /**
   * @throws IOException when it is no token's document
   */
  static Token token(String name, Instant created, byte[] document) throws IOException {
    Fields fields = read(document, document.length);
    if (fields.sha256 == null || fields.sha256.length() != 64) {
      throw new IOException("the document of the token '" + name + "' has no sha256");
    }
    return new Token(
        fields.sha256,
        new Caller(
            name,
            fields.tenants(),
            fields.rights(),
            fields.expires == null ? null : Instant.parse(fields.expires)),
        created,
        fields.createdBy,
        null);
  }

  /** What a request for a new token says. */
  static Caller wanted(byte[] body, int length, Instant now) {
    Fields fields;
    try {
      fields = read(body, length);
    } catch (IOException e) {
      throw HttpError.badData("the body is not a token's JSON: " + e.getMessage());
    }
    if (fields.sha256 != null || !fields.createdBy.isEmpty()) {
      throw HttpError.badData("sha256 and createdBy are the server's to say");
    }
    if (fields.name == null || !fields.name.matches("[A-Za-z0-9._@-]{1,64}")) {
      throw HttpError.badData(
          "name: is needed, 1 to 64 letters, digits and the characters . _ @ -");
    }
    return new Caller(fields.name, fields.tenants(), fields.rights(), expiry(fields.expires, now));
  }

  private static @Nullable Instant expiry(@Nullable String text, Instant now) {
    if (text == null || text.isBlank()) {
      return null;
    }
    Instant expires;
    try {
      expires =
          text.indexOf('T') > 0
              ? Instant.parse(text)
              : now.plus(duration(text)).truncatedTo(ChronoUnit.SECONDS);
    } catch (DateTimeException | ArithmeticException | IllegalArgumentException e) {
      throw HttpError.badData(
          "expires: '"
              + text
              + "' is neither a duration like 90d nor a time like"
              + " 2027-01-31T10:00:00Z");
    }
    if (!expires.isAfter(now)) {
      throw HttpError.badData("expires: " + expires + " is over already");
    }
    return expires;
  }

  private static Duration duration(String text) {
    return PrometheusDuration.parse(text);
  }

  static void write(JsonGenerator json, Token token) throws IOException {
    json.writeStringField("name", token.name());
    writeGrant(json, token.caller());
    json.writeStringField("created", token.created().toString());
    json.writeStringField("createdBy", token.createdBy());
    if (token.lastUsed() != null) {
      json.writeStringField("lastUsed", token.lastUsed().toString());
    }
  }

  private static void writeGrant(JsonGenerator json, Caller caller) throws IOException {
    json.writeArrayFieldStart("tenants");
    for (String tenant : caller.tenantText().split(",")) {
      json.writeString(tenant);
    }
    json.writeEndArray();
    json.writeArrayFieldStart("rights");
    for (String right : Right.text(caller.rights()).split(",")) {
      json.writeString(right);
    }
    json.writeEndArray();
    if (caller.expires() != null) {
      json.writeStringField("expires", caller.expires().toString());
    }
  }

  private static final class Fields {

    private @Nullable String name;
    private @Nullable String sha256;
    private @Nullable String expires;
    private String createdBy = "";
    private List<String> tenantNames = List.of();
    private List<String> rightNames = List.of();

    /** Null means every tenant. */
    @Nullable Set<TenantId> tenants() {
      if (tenantNames.equals(List.of("*"))) {
        return null;
      }
      if (tenantNames.isEmpty() || tenantNames.size() > MAX_TENANTS) {
        throw HttpError.badData(
            "tenants: needs 1 to " + MAX_TENANTS + " tenants, or * alone for all");
      }
      Set<TenantId> tenants = new HashSet<>();
      for (String tenant : tenantNames) {
        try {
          tenants.add(new TenantId(tenant));
        } catch (IllegalArgumentException e) {
          throw HttpError.badData("tenants: " + e.getMessage());
        }
      }
      return tenants;
    }

    Set<Right> rights() {
      if (rightNames.isEmpty()) {
        return Right.USUAL;
      }
      Set<Right> rights = EnumSet.noneOf(Right.class);
      for (String right : rightNames) {
        try {
          rights.addAll(Right.set(right));
        } catch (IllegalArgumentException e) {
          throw HttpError.badData("rights: " + e.getMessage());
        }
      }
      return rights;
    }
  }

  private static Fields read(byte[] bytes, int length) throws IOException {
    Fields fields = new Fields();
    try (JsonParser json = JSON.createParser(bytes, 0, length)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IOException("it must be an object");
      }
      while (json.nextToken() != JsonToken.END_OBJECT) {
        String field = json.currentName();
        json.nextToken();
        switch (field) {
          case "name" -> fields.name = text(json, field);
          case "sha256" -> fields.sha256 = text(json, field);
          case "expires" -> fields.expires = text(json, field);
          case "createdBy" -> fields.createdBy = text(json, field);
          case "tenants" -> fields.tenantNames = texts(json, field);
          case "rights" -> fields.rightNames = texts(json, field);
          default ->
              throw new IOException(
                  field + ": unknown field; known are name, tenants, rights, expires");
        }
      }
    }
    return fields;
  }

  private static String text(JsonParser json, String field) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new IOException(field + ": must be a text");
    }
    return json.getText();
  }

  private static List<String> texts(JsonParser json, String field) throws IOException {
    if (json.currentToken() != JsonToken.START_ARRAY) {
      throw new IOException(field + ": must be an array of texts");
    }
    List<String> texts = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      texts.add(text(json, field));
    }
    return texts;
  }
}
