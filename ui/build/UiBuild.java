// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Stream;

/**
 * Builds the web UI with the system's Node into target/classes/ui. Does nothing when nothing has
 * changed. Run by Maven as a single source file: {@code java build/UiBuild.java build|test
 * auto|required|skip}.
 */
final class UiBuild {

  private static final int LEAST_NODE = 20;

  /** Everything the result depends on. */
  private static final List<String> SOURCES =
      List.of(
          "src",
          "public",
          "build",
          "index.html",
          "package.json",
          "package-lock.json",
          "tsconfig.json",
          "vite.config.ts");

  private final Path module = Path.of("").toAbsolutePath();
  private final Path target = module.resolve("target");
  private final Path result = target.resolve("classes/ui");
  private final boolean windows = System.getProperty("os.name").startsWith("Windows");

  /** Why the UI cannot be built here. */
  private static final class Missing extends Exception {
    private static final long serialVersionUID = 1;

    private Missing(String reason) {
      super(reason);
    }
  }

  public static void main(String[] arguments) throws Exception {
    UiBuild build = new UiBuild();
    String mode = arguments[1];
    try {
      if (mode.equals("skip")) {
        throw new Missing("it was left out of this build (-Dskopos.ui=skip)");
      }
      if (arguments[0].equals("test")) {
        build.test();
      } else {
        build.build();
      }
    } catch (Missing e) {
      if (mode.equals("required")) {
        System.err.println("[ERROR] The web UI cannot be built: " + e.getMessage());
        System.exit(1);
      }
      if (arguments[0].equals("build")) {
        System.out.println(
            "[WARNING] The web UI is not in this build: "
                + e.getMessage()
                + ". A page that says so stands in for it.");
        build.standIn(e.getMessage());
      }
    }
  }

  private void build() throws Exception {
    String digest = digest(SOURCES);
    Path stamp = target.resolve("ui-build.sha256");
    if (holds(stamp, digest) && Files.exists(result.resolve("files.txt"))) {
      return;
    }
    packages();
    empty(result);
    run(List.of("npm", "run", "--silent", "build"), "build.log");
    copy(target.resolve("dist"), result);
    Files.writeString(stamp, digest);
  }

  private void test() throws Exception {
    String digest = digest(Stream.concat(SOURCES.stream(), Stream.of("test")).toList());
    Path stamp = target.resolve("ui-test.sha256");
    if (holds(stamp, digest)) {
      return;
    }
    packages();
    run(List.of("npm", "test", "--silent"), "test.log");
    Files.writeString(stamp, digest);
  }

  /** Fetches the packages of the lock file, unless they are there. */
  private void packages() throws Exception {
    node();
    String digest = digest(List.of("package.json", "package-lock.json"));
    Path stamp = module.resolve("node_modules/.skopos-lock.sha256");
    if (holds(stamp, digest)) {
      return;
    }
    System.out.println("[INFO] Fetching the web UI's packages");
    Path log = target.resolve("packages.log");
    if (start(List.of("npm", "ci", "--no-audit", "--no-fund"), log) != 0) {
      throw new Missing("its packages could not be fetched with npm (" + log + " has the reason)");
    }
    Files.writeString(stamp, digest);
  }

  private void node() throws Exception {
    Path log = target.resolve("node.log");
    boolean npm;
    try {
      npm = start(List.of("npm", "--version"), log) == 0;
      npm &= start(List.of("node", "--version"), log) == 0;
    } catch (IOException e) {
      npm = false;
    }
    String needed = "it needs Node.js " + LEAST_NODE + " or newer with npm on the PATH";
    if (!npm) {
      throw new Missing(needed);
    }
    String version = Files.readString(log).strip();
    if (Integer.parseInt(version.replaceAll("^v|\\..*", "")) < LEAST_NODE) {
      throw new Missing(needed + ", and found " + version);
    }
  }

  private void run(List<String> command, String logName) throws Exception {
    Path log = target.resolve(logName);
    if (start(command, log) != 0) {
      System.err.println(Files.readString(log));
      System.err.println("[ERROR] '" + String.join(" ", command) + "' failed; its output is above");
      System.exit(1);
    }
  }

  private int start(List<String> command, Path log) throws IOException, InterruptedException {
    Files.createDirectories(log.getParent());
    List<String> words = new ArrayList<>(command);
    if (windows) {
      words.addAll(0, List.of("cmd", "/c"));
    }
    return new ProcessBuilder(words)
        .directory(module.toFile())
        .redirectErrorStream(true)
        .redirectOutput(log.toFile())
        .start()
        .waitFor();
  }

  /** One page that tells what is missing, at the root only. */
  private void standIn(String reason) throws Exception {
    empty(result);
    Files.deleteIfExists(target.resolve("ui-build.sha256"));
    String page =
        Files.readString(module.resolve("build/stand-in.html")).replace("{{reason}}", reason);
    byte[] icon = Files.readAllBytes(module.resolve("public/favicon.svg"));
    byte[] bytes = page.getBytes(StandardCharsets.UTF_8);
    Files.write(result.resolve("index.html"), bytes);
    Files.write(result.resolve("favicon.svg"), icon);
    Files.writeString(
        result.resolve("files.txt"),
        "index.html\t" + sha256(bytes) + "\t\nfavicon.svg\t" + sha256(icon) + "\t\n");
    Files.writeString(result.resolve("pages.txt"), "/\n");
  }

  private String digest(List<String> names) throws Exception {
    MessageDigest digest = MessageDigest.getInstance("SHA-256");
    for (String name : names) {
      Path top = module.resolve(name);
      if (!Files.exists(top)) {
        continue;
      }
      try (Stream<Path> walk = Files.walk(top)) {
        for (Path file : walk.filter(Files::isRegularFile).sorted().toList()) {
          digest.update(module.relativize(file).toString().getBytes(StandardCharsets.UTF_8));
          digest.update((byte) 0);
          digest.update(Files.readAllBytes(file));
          digest.update((byte) 0);
        }
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes), 0, 8);
  }

  private static boolean holds(Path stamp, String digest) throws IOException {
    return Files.exists(stamp) && Files.readString(stamp).equals(digest);
  }

  private static void empty(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> walk = Files.walk(folder)) {
        for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
    Files.createDirectories(folder);
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> walk = Files.walk(from)) {
      walk.forEach(path -> {
        try {
          Path goal = to.resolve(from.relativize(path).toString());
          if (Files.isDirectory(path)) {
            Files.createDirectories(goal);
          } else {
            Files.copy(path, goal, StandardCopyOption.REPLACE_EXISTING);
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      });
    }
  }
}
