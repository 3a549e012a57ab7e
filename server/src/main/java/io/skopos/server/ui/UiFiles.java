// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.ui;

import io.skopos.web.ErrorShape;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The files of the web UI. The build lists them in {@code ui/files.txt} (path, digest, and the
 * codings a file was compressed with ahead of time) and the addresses of pages in {@code
 * ui/pages.txt}.
 */
public final class UiFiles {

  private static final String FOLDER = "ui/";
  private static final String PAGE = "index.html";

  /** Names under this folder carry a digest of their content, so they never change. */
  private static final String NEVER_CHANGES = "ui/assets/";

  /**
   * Everything comes from this server, and nothing else may be loaded. Styles may be inline:
   * components position themselves with them.
   */
  private static final String CONTENT_SECURITY_POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self'"
          + " data: blob:; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri"
          + " 'none'; form-action 'self'; frame-ancestors 'self'";

  private final ClassLoader source;
  private final Map<String, UiFile> files;
  private final List<String> pages;

  private record UiFile(String path, String digest, List<String> codings) {}

  private UiFiles(ClassLoader source, Map<String, UiFile> files, List<String> pages) {
    this.source = source;
    this.files = files;
    this.pages = pages;
  }

  /** The files on the class path. */
  public static UiFiles load() throws IOException {
    return load(UiFiles.class.getClassLoader());
  }

  static UiFiles load(ClassLoader source) throws IOException {
    Map<String, UiFile> files = new LinkedHashMap<>();
    for (String line : lines(source, "files.txt")) {
      String[] fields = line.split("\t", -1);
      List<String> codings = fields[2].isEmpty() ? List.of() : List.of(fields[2].split(","));
      files.put(fields[0], new UiFile(fields[0], fields[1], codings));
    }
    return new UiFiles(source, files, lines(source, "pages.txt"));
  }

  private static List<String> lines(ClassLoader source, String name) throws IOException {
    try (InputStream in = source.getResourceAsStream(FOLDER + name)) {
      if (in == null) {
        throw new IOException("the web UI's " + name + " is not on the class path");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8)
          .lines()
          .filter(line -> !line.isBlank())
          .toList();
    }
  }

  /** Registers every page and every file. */
  public void register(Routes routes) {
    Routes.Family family = routes.openFamily(ErrorShape.PLAIN_TEXT);
    for (String page : pages) {
      family.get(page, request -> answer(request, file(PAGE)));
    }
    family.get("/favicon.svg", request -> answer(request, file("favicon.svg")));
    family.get("/ui/{*rest}", request -> answer(request, file(request.path().substring(1))));
  }

  private UiFile file(String path) {
    UiFile file = files.get(path);
    if (file == null) {
      throw new HttpError(404, "not_found", "404 page not found");
    }
    return file;
  }

  private Response answer(Request request, UiFile file) throws IOException {
    String tag = "\"" + file.digest() + "\"";
    if (matches(request.header("If-None-Match"), tag)) {
      return headers(Response.empty(304), file, tag);
    }
    String coding = coding(file, request.header("Accept-Encoding"));
    byte[] content = read(file.path() + (coding == null ? "" : suffix(coding)));
    Response response = headers(Response.bytes(200, contentType(file.path()), content), file, tag);
    // Naming the coding also keeps what is compressed by nature, such as fonts, as it is.
    return response.header("Content-Encoding", coding == null ? "identity" : coding);
  }

  private static Response headers(Response response, UiFile file, String tag) {
    Response answer =
        response
            .header("ETag", tag)
            .header("Vary", "Accept-Encoding")
            .header("X-Content-Type-Options", "nosniff")
            .header(
                "Cache-Control",
                file.path().startsWith(NEVER_CHANGES)
                    ? "public, max-age=31536000, immutable"
                    : "no-cache");
    if (file.path().endsWith(".html")) {
      return answer
          .header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
          .header("Referrer-Policy", "same-origin");
    }
    return answer;
  }

  private static boolean matches(@Nullable String asked, String tag) {
    if (asked == null) {
      return false;
    }
    for (String one : asked.split(",")) {
      String text = one.strip();
      if (text.equals("*") || text.equals(tag) || text.equals("W/" + tag)) {
        return true;
      }
    }
    return false;
  }

  /** The best coding that the file has and the client accepts; null for the plain file. */
  private static @Nullable String coding(UiFile file, @Nullable String accepted) {
    if (accepted == null) {
      return null;
    }
    for (String coding : file.codings()) {
      for (String one : accepted.toLowerCase(Locale.ROOT).split(",")) {
        String text = one.replace(" ", "");
        if (text.equals(coding)
            || (text.startsWith(coding + ";q=") && !text.matches("[a-z]+;q=0(\\.0*)?"))) {
          return coding;
        }
      }
    }
    return null;
  }

  private static String suffix(String coding) {
    return coding.equals("br") ? ".br" : ".gz";
  }

  private byte[] read(String path) throws IOException {
    try (InputStream in = source.getResourceAsStream(FOLDER + path)) {
      if (in == null) {
        throw new IOException("the web UI's file " + path + " is listed and not there");
      }
      return in.readAllBytes();
    }
  }

  private static String contentType(String path) {
    return switch (path.substring(path.lastIndexOf('.') + 1)) {
      case "html" -> "text/html; charset=utf-8";
      case "js" -> "text/javascript; charset=utf-8";
      case "css" -> "text/css; charset=utf-8";
      case "svg" -> "image/svg+xml";
      case "png" -> "image/png";
      case "woff2" -> "font/woff2";
      case "json", "map" -> "application/json";
      default -> "application/octet-stream";
    };
  }
}
