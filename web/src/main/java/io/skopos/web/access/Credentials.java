// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web.access;

import io.skopos.model.TenantId;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a credentials file says: lines {@code name:secret[:tenants[:rights]]}, so that a file
 * written by {@code htpasswd -B} is one. Messages about it name the line, never the secret.
 *
 * @param users by name
 * @param certificates by a name that the client certificate has
 * @param tokens by the SHA-256 of the token, in lower-case hexadecimal
 */
record Credentials(
    Map<String, User> users, Map<String, Caller> tokens, Map<String, Caller> certificates) {

  private static final Pattern BCRYPT =
      Pattern.compile("\\$2[abxy]\\$([0-9]{2})\\$[./A-Za-z0-9]{53}");
  private static final String CERTIFICATE = "cert";
  private static final Pattern TOKEN = Pattern.compile("sha256:([0-9a-fA-F]{64})");

  /** 2^16 rounds take seconds; more would let anyone keep the processor busy. */
  private static final int MAX_BCRYPT_COST = 16;

  /** Who signs in with a password. */
  record User(Caller caller, byte[] bcryptHash) {}

  static Credentials read(Path file) throws IOException {
    Map<String, User> users = new HashMap<>();
    Map<String, Caller> tokens = new HashMap<>();
    Map<String, Caller> certificates = new HashMap<>();
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).strip();
      if (line.isEmpty() || line.startsWith("#")) {
        continue;
      }
      String problem = add(line, users, tokens, certificates);
      if (problem != null) {
        throw new IOException("credentials file " + file + ", line " + (i + 1) + ": " + problem);
      }
    }
    return new Credentials(Map.copyOf(users), Map.copyOf(tokens), Map.copyOf(certificates));
  }

  private static @Nullable String add(
      String line,
      Map<String, User> users,
      Map<String, Caller> tokens,
      Map<String, Caller> certificates) {
    int nameEnd = line.indexOf(':');
    if (nameEnd < 1) {
      return "it is not of the form name:secret[:tenants[:rights]]";
    }
    String name = line.substring(0, nameEnd);
    String rest = line.substring(nameEnd + 1);
    boolean isToken = rest.startsWith("sha256:");
    int secretEnd = rest.indexOf(':', isToken ? "sha256:".length() : 0);
    String secret = secretEnd < 0 ? rest : rest.substring(0, secretEnd);
    String grant = secretEnd < 0 ? "" : rest.substring(secretEnd + 1);
    int tenantsEnd = grant.indexOf(':');
    String rights = tenantsEnd < 0 ? "" : grant.substring(tenantsEnd + 1);
    Caller caller;
    try {
      caller =
          new Caller(
              name,
              tenants(tenantsEnd < 0 ? grant : grant.substring(0, tenantsEnd)),
              rights.isBlank() ? Right.USUAL : Right.set(rights),
              null);
    } catch (IllegalArgumentException e) {
      return "bad tenants or rights of '" + name + "': " + e.getMessage();
    }
    if (secret.equals(CERTIFICATE)) {
      return certificates.put(name, caller) == null
          ? null
          : "the certificate of '" + name + "' is there twice";
    }
    if (isToken) {
      Matcher token = TOKEN.matcher(secret);
      if (!token.matches()) {
        return "the token of '" + name + "' is not sha256: and 64 hexadecimal digits";
      }
      return tokens.put(token.group(1).toLowerCase(Locale.ROOT), caller) == null
          ? null
          : "the token of '" + name + "' is there twice";
    }
    Matcher bcrypt = BCRYPT.matcher(secret);
    if (!bcrypt.matches()) {
      return "the secret of '"
          + name
          + "' is neither a bcrypt hash (htpasswd -B writes one), sha256:<hex of a token> nor"
          + " cert";
    }
    if (Integer.parseInt(bcrypt.group(1)) > MAX_BCRYPT_COST) {
      return "the bcrypt cost of '" + name + "' is above " + MAX_BCRYPT_COST;
    }
    User user = new User(caller, secret.getBytes(StandardCharsets.US_ASCII));
    return users.put(name, user) == null ? null : "the user '" + name + "' is there twice";
  }

  /** Reads {@code a,b}; {@code *} is every tenant, null; none is the anonymous one. */
  static @Nullable Set<TenantId> tenants(String text) {
    if (text.isBlank()) {
      return Set.of(TenantId.ANONYMOUS);
    }
    if (text.strip().equals("*")) {
      return null;
    }
    Set<TenantId> tenants = new HashSet<>();
    for (String tenant : text.split(",")) {
      tenants.add(new TenantId(tenant.strip()));
    }
    return Set.copyOf(tenants);
  }
}
