// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.access;

import io.skopos.web.access.Caller;
import io.skopos.web.access.Right;
import io.skopos.web.access.Secrets;
import io.skopos.web.access.TokenLookup;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The way in for the command line on this machine: a file in the data directory that only its owner
 * can read, with the server's address and a token of all rights that lives as long as the process.
 * Who can read the file can read all data beside it anyway; so the first token needs no other one.
 */
public final class LocalAccess implements TokenLookup, AutoCloseable {

  private static final String FILE = "local-access";
  private static final Caller CALLER = new Caller("local", null, Right.ALL, null);

  private final Path file;
  private final String secret = TokenStore.PREFIX + "local_" + Secrets.draw();
  private final String sha256 = Secrets.sha256Hex(secret);

  /**
   * What the file says.
   *
   * @param certificate PEM file of the certificate the server shows; empty without TLS
   */
  public record Found(String url, String token, String certificate) {}

  public LocalAccess(Path dataDirectory) {
    this.file = dataDirectory.resolve(FILE);
  }

  @Override
  public @Nullable Caller byHash(String hash) {
    return hash.equals(sha256) ? CALLER : null;
  }

  /** Writes the file, readable by its owner only. */
  public void open(String url, String certificate) throws IOException {
    Path temporary = file.resolveSibling(FILE + ".new");
    Files.deleteIfExists(temporary);
    Files.createFile(
        temporary,
        PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    Files.writeString(temporary, url + "\n" + secret + "\n" + certificate + "\n");
    Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
  }

  /** What the server of a data directory left for us; null when there is none. */
  public static @Nullable Found find(Path dataDirectory) throws IOException {
    Path file = dataDirectory.resolve(FILE);
    if (!Files.exists(file)) {
      return null;
    }
    List<String> lines = Files.readAllLines(file);
    return lines.size() < 2
        ? null
        : new Found(lines.get(0), lines.get(1), lines.size() > 2 ? lines.get(2) : "");
  }

  @Override
  public void close() throws IOException {
    Files.deleteIfExists(file);
  }
}
