// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store;

import static java.util.Objects.requireNonNull;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.engine.QueryBudget;
import io.skopos.logs.store.EntryCondition.Field;
import io.skopos.logs.store.EntryCondition.LineContains;
import io.skopos.logs.store.EntryCondition.Syntax;
import io.skopos.logs.store.EntryCondition.Value.Between;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.AppendedFrame;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.damage.DamagedFiles;
import io.skopos.storage.disk.RealDisk;
import io.skopos.storage.manifest.Manifest;
import io.skopos.storage.manifest.ManifestStore;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.memory.MemoryBudget;
import io.skopos.storage.objects.DirectoryObjectStore;
import io.skopos.storage.pages.PageCache;
import io.skopos.storage.part.StoredParts;
import io.skopos.storage.publish.PendingDeletions;
import io.skopos.storage.publish.Publications;
import io.skopos.storage.publish.TenantDay;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.xerial.snappy.Snappy;

/**
 * A trial by hand, not a test: loads the bench's log set through batches, frames, heads, flushes
 * and merges, and asks the bench's questions. {@code LogStoreTrial SET WORK HEAD_MIB
 * PAGE_CACHE_MIB}; figures and conclusions stand in docs/decisions/logs-part.md. CPU time of the
 * one thread that does it.
 */
final class LogStoreTrial {

  private static final TenantId TENANT = TenantId.ANONYMOUS;
  private static final Sharding SHARDING = new Sharding(16, 11, 12);
  private static final String NEEDLE = "7f3e0c5a9b1d4e68a2c4f6b8d0e1f3a5";
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  private final Map<String, Labels> labels = new HashMap<>();
  private final DirectoryObjectStore objects;
  private final ManifestStore manifests;
  private final Publications publications;
  private final LogStore store;
  private long position;
  private long lines;
  private long textBytes;
  private long payloadBytes;
  private long frames;
  private final long[] cpu = new long[5];
  private long minNs = Long.MAX_VALUE;
  private long maxNs;

  private LogStoreTrial(Path work, long cacheBytes) throws Exception {
    PrometheusRegistry registry = new PrometheusRegistry();
    MemoryBudget budget = new MemoryBudget(4L << 30);
    InstantSource clock = InstantSource.system();
    DamagedFiles damaged = new DamagedFiles(clock, registry);
    objects = new DirectoryObjectStore(new RealDisk(), work, registry);
    PageCache pages = new PageCache(cacheBytes, budget, registry);
    StoredParts parts = new StoredParts(objects, pages, 64 << 20, budget, damaged, clock, registry);
    manifests =
        new ManifestStore(
            objects, 1, SHARDING.shardCount(), parts.found(), budget, damaged, clock, registry);
    PendingDeletions pending = new PendingDeletions();
    publications = new Publications(manifests, manifests, pending, SHARDING.shardCount(), clock);
    store = new LogStore(SHARDING, parts, manifests, budget, registry);
  }

  public static void main(String[] arguments) throws Exception {
    Path set = Path.of(arguments[0]);
    long headBytes = Long.parseLong(arguments[2]) << 20;
    LogStoreTrial trial =
        new LogStoreTrial(Path.of(arguments[1]), Long.parseLong(arguments[3]) << 20);
    trial.load(set, headBytes);
    int rounds = arguments.length > 4 ? Integer.parseInt(arguments[4]) : 4;
    for (int round = 0; round < rounds; round++) {
      trial.ask(round == rounds - 1);
    }
  }

  private void load(Path set, long headBytes) throws Exception {
    ByteBuffer index = ByteBuffer.wrap(Files.readAllBytes(set.resolve("requests.idx")));
    try (FileChannel bodies = FileChannel.open(set.resolve("requests.bin"))) {
      while (index.hasRemaining()) {
        long at = index.getLong();
        byte[] body = new byte[index.getInt()];
        index.position(index.position() + 20);
        bodies.read(ByteBuffer.wrap(body), at);
        long began = cpu();
        LogBatch batch = decode(Snappy.uncompress(body));
        cpu[0] += cpu() - began;
        began = cpu();
        List<Frame> encoded = batch.toFrames(TENANT, SHARDING);
        cpu[1] += cpu() - began;
        began = cpu();
        for (Frame frame : encoded) {
          payloadBytes += frame.payloadLength();
          frames++;
          store.apply(new Appended(frame, position++));
        }
        cpu[2] += cpu() - began;
        if (store.headBytes() > headBytes || !index.hasRemaining()) {
          flush();
          merge(4);
        }
      }
    }
    merge(2);
    long stored = 0;
    int parts = 0;
    for (UtcDay day : manifests.days(TENANT, Signal.LOGS)) {
      for (PartEntry entry : requireNonNull(manifests.get(TENANT, Signal.LOGS, day)).parts()) {
        stored += entry.length();
        parts++;
      }
    }
    System.out.printf(
        "%,d lines, %,d MB text, %,d frames of %,d bytes, %d parts, stored %,.1f MB = %.2fx%n",
        lines,
        textBytes / 1_000_000,
        frames,
        payloadBytes / frames,
        parts,
        stored / 1e6,
        (double) textBytes / stored);
    String[] names = {"decode", "frame", "head", "flush", "merge"};
    StringBuilder text = new StringBuilder("CPU s per 1M lines:");
    for (int i = 0; i < names.length; i++) {
      text.append(String.format(" %s %.3f", names[i], cpu[i] / 1e3 / lines));
    }
    System.out.println(text);
  }

  private record Appended(Frame frame, long position) implements AppendedFrame {
    @Override
    public boolean alreadyInParts(int utcDayNumber) {
      return false;
    }
  }

  private void flush() throws Exception {
    long began = cpu();
    long[] cut = new long[SHARDING.shardCount()];
    Arrays.fill(cut, position - 1);
    for (int shard = 0; shard < cut.length; shard++) {
      store.freeze(shard, cut[shard]);
    }
    store.flush(
        cut, (tenant, day, part) -> publications.publish(tenant, Signal.LOGS, day, part, cut));
    cpu[3] += cpu() - began;
  }

  /** As compaction does: neighbours of like size, as soon as there are so many. */
  private void merge(int fanIn) throws Exception {
    long began = cpu();
    for (UtcDay day : manifests.days(TENANT, Signal.LOGS)) {
      while (true) {
        Manifest manifest = requireNonNull(manifests.get(TENANT, Signal.LOGS, day));
        List<PartEntry> inputs = choose(manifest.parts(), fanIn);
        if (inputs.isEmpty()) {
          break;
        }
        PartEntry merged = store.merge(TENANT, day, inputs, List.of());
        publications.replace(new TenantDay(TENANT, Signal.LOGS, day), inputs, merged, List.of());
      }
    }
    cpu[4] += cpu() - began;
  }

  private static List<PartEntry> choose(List<PartEntry> parts, int fanIn) {
    if (fanIn == 2) {
      return parts.size() > 1 ? parts : List.of();
    }
    for (int from = 0; from + fanIn <= parts.size(); from++) {
      List<PartEntry> some = parts.subList(from, from + fanIn);
      long sum = some.stream().mapToLong(PartEntry::length).sum();
      long largest = some.stream().mapToLong(PartEntry::length).max().orElse(0);
      if (sum >= 2 * largest) {
        return some;
      }
    }
    return List.of();
  }

  // ---- questions

  /** What a question found. */
  private static final class Found {
    long runs;
    long entries;
    long bytes;
    long check;
  }

  private interface Reader {
    void read(LogRun run, LogRun.LineView view, Found found);
  }

  private void ask(boolean print) throws Exception {
    long hour = maxNs - 3_600_000_000_000L;
    byte[] needle = NEEDLE.getBytes(StandardCharsets.UTF_8);
    List<Matcher> all = List.of(Matcher.equal("cluster", "prod-eu-1"));
    question(print, "needle, everything", all, minNs, contains(NEEDLE), lines(needle));
    question(
        print,
        "16 bytes of it, everything",
        all,
        minNs,
        contains(NEEDLE.substring(5, 21)),
        lines(NEEDLE.substring(5, 21).getBytes(StandardCharsets.UTF_8)));
    question(
        print,
        "needle, one app",
        List.of(Matcher.equal("app", "orders")),
        minNs,
        contains(NEEDLE),
        lines(needle));
    question(
        print,
        "lines of one app, 1h (regex)",
        List.of(Matcher.equal("app", "gateway")),
        hour,
        List.of(),
        (run, view, found) -> {
          for (int i = 0; i < run.size(); i++) {
            run.line(i, view);
            found.check += view.bytes[view.from + view.length - 1];
            found.bytes += view.length;
          }
          found.entries += run.size();
        });
    question(
        print,
        "json status and duration, one app, 1h",
        List.of(Matcher.equal("app", "payments")),
        hour,
        List.of(
            new Field(Syntax.JSON, "status", new Between(500, Double.POSITIVE_INFINITY)),
            new Field(Syntax.JSON, "duration_ms", new Between(500, Double.POSITIVE_INFINITY))),
        (run, view, found) -> {
          LogRun.FieldColumns fields = run.fields();
          for (int i = 0; i < run.size(); i++) {
            if (fields != null && fields.syntax(i) != null) {
              int status = fields.column("status");
              int duration = fields.column("duration_ms");
              if (fields.number(i, status) >= 500 && fields.number(i, duration) > 500) {
                found.check++;
              }
            }
            run.line(i, view);
            found.bytes += view.length;
          }
          found.entries += run.size();
        });
    question(
        print,
        "level of one app, 1h",
        List.of(Matcher.equal("app", "orders")),
        hour,
        List.of(),
        (run, view, found) -> {
          LogRun.FieldColumns fields = run.fields();
          int level = fields == null ? -1 : fields.column("level");
          long[] times = run.timesNs();
          for (int i = 0; i < run.size(); i++) {
            if (fields != null && level >= 0 && fields.has(i, level)) {
              found.check += fields.code(i, level) + times[i] % 7;
            }
          }
          found.entries += run.size();
        });
    Map<Long, long[]> counts = new HashMap<>();
    question(
        print,
        "times of all",
        all,
        minNs,
        List.of(),
        (run, _, found) -> {
          long[] buckets = counts.computeIfAbsent((long) run.streamNumber(), _ -> new long[400]);
          long[] times = run.timesNs();
          for (int i = 0; i < run.size(); i++) {
            buckets[(int) ((times[i] - minNs) / 60_000_000_000L)]++;
          }
          found.entries += run.size();
        });
    question(
        print,
        "|= error, half the streams, 1h",
        List.of(Matcher.equal("namespace", "shop")),
        hour,
        contains("error"),
        lines("error".getBytes(StandardCharsets.UTF_8)));
    question(
        print,
        "all lines",
        all,
        minNs,
        List.of(),
        (run, view, found) -> {
          for (int i = 0; i < run.size(); i++) {
            run.line(i, view);
            found.bytes += view.length;
          }
          found.entries += run.size();
        });
    question(
        print,
        "count of all",
        all,
        minNs,
        List.of(),
        (run, _, found) -> found.entries += run.size());
    long began = cpu();
    long[] sums = new long[3];
    store.volumes(
        TENANT,
        all,
        minNs,
        maxNs,
        QueryBudget.unlimited(),
        (_, _, _, entries, bytes, chunks) -> {
          sums[0] += entries;
          sums[1] += bytes;
          sums[2] += chunks;
        });
    if (print) {
      System.out.printf(
          "%-40s %8.1f ms  %s%n", "volumes", (cpu() - began) / 1e6, Arrays.toString(sums));
    }
    newest(print);
  }

  private static List<EntryCondition> contains(String part) {
    return List.of(new LineContains(List.of(part.getBytes(StandardCharsets.UTF_8))));
  }

  /** Looks at the lines of candidates as the language would. */
  private static Reader lines(byte[] needle) {
    return (run, view, found) -> {
      for (int i = 0; i < run.size(); i++) {
        run.line(i, view);
        found.bytes += view.length;
        if (new io.skopos.logs.store.column.Needle(needle)
            .isInside(view.bytes, view.from, view.from + view.length)) {
          found.check++;
        }
      }
      found.entries += run.size();
    };
  }

  private void question(
      boolean print,
      String name,
      List<Matcher> matchers,
      long fromNs,
      List<EntryCondition> conditions,
      Reader reader) {
    Found found = new Found();
    LogRun.LineView view = new LogRun.LineView();
    long began = cpu();
    store.scan(
        new LogSelection(
            TENANT, matchers, fromNs, maxNs, LogSelection.Order.BY_STREAM, conditions, null),
        QueryBudget.unlimited(),
        run -> {
          found.runs++;
          reader.read(run, view, found);
          return true;
        });
    long took = cpu() - began;
    if (print) {
      System.out.printf(
          "%-40s %8.1f ms  %,d runs, %,d entries, %,d MB, check %,d%n",
          name, took / 1e6, found.runs, found.entries, found.bytes / 1_000_000, found.check);
    }
  }

  private void newest(boolean print) {
    long began = cpu();
    long[] newest = {0, Long.MIN_VALUE};
    java.util.PriorityQueue<Long> kept = new java.util.PriorityQueue<>();
    LogRun.LineView view = new LogRun.LineView();
    store.scan(
        new LogSelection(
            TENANT,
            List.of(Matcher.equal("app", "users")),
            minNs,
            maxNs,
            LogSelection.Order.NEWEST_FIRST,
            List.of(),
            null),
        QueryBudget.unlimited(),
        new LogSource.RunVisitor() {
          @Override
          public boolean visit(LogRun run) {
            newest[0]++;
            long[] times = run.timesNs();
            for (int i = run.size() - 1; i >= 0; i--) {
              if (kept.size() == 100 && times[i] <= kept.peek()) {
                break;
              }
              kept.add(times[i]);
              run.line(i, view);
              if (kept.size() > 100) {
                kept.poll();
              }
            }
            return true;
          }

          @Override
          public long bound() {
            return kept.size() < 100 ? Long.MIN_VALUE : kept.peek();
          }
        });
    if (print) {
      System.out.printf(
          "%-40s %8.1f ms  %,d runs%n", "last 100 of one app", (cpu() - began) / 1e6, newest[0]);
    }
  }

  // ---- the set

  private LogBatch decode(byte[] request) {
    LogBatch batch = new LogBatch();
    ByteReader in = new ByteReader(request, 0, request.length);
    while (in.remaining() > 0) {
      in.varint();
      int streamEnd = in.count(in.remaining(), "bytes") + in.position();
      int stream = -1;
      while (in.position() < streamEnd) {
        int tag = (int) in.varint();
        int length = in.count(in.remaining(), "bytes");
        int at = in.position();
        if (tag >>> 3 == 1) {
          String text = new String(request, at, length, StandardCharsets.UTF_8);
          stream = batch.stream(labels.computeIfAbsent(text, LogStoreTrial::parse));
          in.skip(length);
          continue;
        }
        ByteReader entry = new ByteReader(request, at, at + length);
        in.skip(length);
        long time = 0;
        while (entry.remaining() > 0) {
          int entryTag = (int) entry.varint();
          int size = entry.count(entry.remaining(), "bytes");
          int from = entry.position();
          entry.skip(size);
          if (entryTag >>> 3 == 1) {
            ByteReader stamp = new ByteReader(request, from, from + size);
            while (stamp.remaining() > 0) {
              time += stamp.varint() >>> 3 == 1 ? stamp.varint() * 1_000_000_000L : stamp.varint();
            }
          } else {
            batch.entry(stream, time, request, from, size);
            lines++;
            textBytes += size;
            minNs = Math.min(minNs, time);
            maxNs = Math.max(maxNs, time);
          }
        }
      }
    }
    return batch;
  }

  private static Labels parse(String text) {
    LabelsBuilder builder = new LabelsBuilder();
    java.util.regex.Matcher found = LABEL.matcher(text);
    while (found.find()) {
      builder.set(found.group(1), found.group(2));
    }
    return builder.build();
  }

  private static long cpu() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
