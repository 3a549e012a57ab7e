// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli.transfer;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Pushes files of JSON, an entry on each line, into a server, which reads and judges them. Sent in
 * pieces that end at line ends; after each the place is noted, so that an import that was broken
 * off goes on there. What was sent and not noted is sent again, which changes nothing: an entry
 * that is there already is not kept twice.
 */
public final class LogImport {

  private static final int PIECE_BYTES = 4 << 20;

  /** The longest line; the server bounds what one request may have. */
  private static final int MAX_LINE_BYTES = 48 << 20;

  private static final Pattern KEPT = Pattern.compile("^kept (\\d+) entries");

  private static final Map<String, String> HEADERS =
      Map.of("Content-Type", "application/x-ndjson", "Content-Encoding", "gzip");

  private final Options options;
  private final Progress progress;
  private final Problems problems;
  private final WriteSender sender;
  private final String identity;

  /**
   * How an import is to be done.
   *
   * @param fields the endpoint's parameters, which say how fields are named
   * @param dryRun reads and counts, sends nothing
   * @param entriesPerSecond 0 for as fast as it goes
   * @param state where it is noted what is done
   */
  public record Options(
      Map<String, String> fields,
      boolean dryRun,
      Duration patience,
      double entriesPerSecond,
      Path state) {

    public Options {
      fields = Map.copyOf(fields);
    }
  }

  /** What came of an import. */
  public record Result(long entries, boolean resumed) {}

  public LogImport(ServerSession session, Options options, Progress progress, Problems problems) {
    this.options = options;
    this.progress = progress;
    this.problems = problems;
    StringBuilder path = new StringBuilder("/api/v1/logs/import");
    options.fields().entrySet().stream()
        .sorted(Map.Entry.comparingByKey())
        .forEach(field ->
            path.append(path.indexOf("?") < 0 ? '?' : '&')
                .append(field.getKey())
                .append('=')
                .append(URLEncoder.encode(field.getValue(), StandardCharsets.UTF_8)));
    identity = "to " + session.url() + path + " tenant '" + session.tenant() + "'";
    sender =
        new WriteSender(
            session, path.toString(), options.patience(), options.entriesPerSecond(), problems);
  }

  /** Standard input, which cannot be gone on with. */
  public Result run(InputStream in) throws IOException, InterruptedException {
    read("standard input", in, 0, 0, null, "");
    progress.finish();
    return new Result(progress.samples(), false);
  }

  /** Files, those named .gz unpacked. */
  public Result run(List<Path> files) throws IOException, InterruptedException {
    StateFile state =
        options.dryRun()
            ? null
            : new StateFile(options.state(), "logs of " + files + " " + identity);
    boolean resumed = state != null && state.isResumed();
    if (state != null) {
      progress.add(0, state.number("entries"));
    }
    for (Path file : files) {
      String key = "bytes of " + file.toString().replace('=', '_');
      long done = state == null ? 0 : state.number(key);
      try (InputStream raw = Files.newInputStream(file);
          InputStream in = isPacked(file) ? new GZIPInputStream(raw, 1 << 16) : raw) {
        in.skipNBytes(done);
        read(file.toString(), in, done, isPacked(file) ? 0 : Files.size(file), state, key);
      } catch (java.io.EOFException e) {
        throw new TransferFailed(
            file + " ends before it should, or is shorter than when the import began", e);
      }
    }
    progress.finish();
    if (state != null) {
      state.delete();
    }
    return new Result(progress.samples(), resumed);
  }

  private static boolean isPacked(Path file) {
    return file.toString().endsWith(".gz");
  }

  /**
   * @param size of the file, for the progress; 0 when it is not known
   */
  private void read(
      String name, InputStream in, long from, long size, @Nullable StateFile state, String key)
      throws IOException, InterruptedException {
    byte[] piece = new byte[PIECE_BYTES];
    int held = 0;
    long sent = from;
    long lines = 0;
    boolean more = true;
    while (more) {
      held += in.readNBytes(piece, held, piece.length - held);
      more = held == piece.length;
      int end = more ? lastLineEnd(piece, held) : held;
      if (end == 0 && more) {
        if (piece.length >= MAX_LINE_BYTES) {
          throw new TransferFailed(
              name + " has a line of more than " + MAX_LINE_BYTES + " bytes at byte " + sent);
        }
        piece = Arrays.copyOf(piece, Math.min(MAX_LINE_BYTES, piece.length * 2));
        continue;
      }
      send(name, from, lines, piece, end);
      for (int i = 0; i < end; i++) {
        lines += piece[i] == '\n' ? 1 : 0;
      }
      sent += end;
      System.arraycopy(piece, end, piece, 0, held - end);
      held -= end;
      if (state != null) {
        state.set(key, sent).set("entries", progress.samples()).save();
      }
      progress.at(name, size == 0 ? 0 : (double) sent / size);
    }
  }

  private static int lastLineEnd(byte[] piece, int length) {
    for (int i = length; i > 0; i--) {
      if (piece[i - 1] == '\n') {
        return i;
      }
    }
    return 0;
  }

  private void send(String name, long from, long linesBefore, byte[] piece, int length)
      throws IOException, InterruptedException {
    long rows = rows(piece, length);
    if (rows == 0) {
      return;
    }
    if (options.dryRun()) {
      progress.add(0, rows);
      return;
    }
    ByteArrayOutputStream packed = new ByteArrayOutputStream(length / 4);
    try (GZIPOutputStream out = new GZIPOutputStream(packed)) {
      out.write(piece, 0, length);
    }
    String refused = sender.send(packed.toByteArray(), HEADERS, rows);
    if (refused == null) {
      progress.add(0, rows);
      return;
    }
    Matcher kept = KEPT.matcher(refused);
    progress.add(0, kept.find() ? Long.parseLong(kept.group(1)) : 0);
    String place =
        from > 0
            ? ", lines counted from where it went on" + behind(linesBefore)
            : linesBefore > 0 ? "," + behind(linesBefore) : "";
    problems.add(name + place + ": " + refused);
  }

  private static String behind(long lines) {
    return lines == 0 ? "" : " behind line " + lines;
  }

  /** Lines that are not blank. */
  private static long rows(byte[] piece, int length) {
    long rows = 0;
    boolean blank = true;
    for (int i = 0; i < length; i++) {
      switch (piece[i]) {
        case '\n' -> {
          rows += blank ? 0 : 1;
          blank = true;
        }
        case ' ', '\t', '\r' -> {}
        default -> blank = false;
      }
    }
    return blank ? rows : rows + 1;
  }
}
