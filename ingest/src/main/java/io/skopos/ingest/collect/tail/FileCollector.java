// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.Delivery;
import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.collect.positions.Positions;
import io.skopos.ingest.json.JsonValue;
import io.skopos.ingest.watch.DirectoryWatch;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the files of all jobs on one thread: looks for them, reads what is new, and gives it to
 * the lane that stores it. While the store has no room nothing is read, but files are still opened,
 * so that what is rotated away or removed meanwhile is not lost.
 */
public final class FileCollector implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(FileCollector.class);

  private static final int READ_BYTES = 1 << 20;

  /** Entries are stored by so many bytes; larger writes gain nothing. */
  private static final long PARCEL_BYTES = 4 << 20;

  /** A copy made before its original is cut is not taken for a new file so long. */
  private static final long COPY_NS = TimeUnit.SECONDS.toNanos(30);

  /** Files that begin alike for fewer bytes than this are not taken for copies. */
  private static final int SHORTEST_HEAD = 32;

  /** Looks after a start for what was not read to its end: names may change under one. */
  private static final int MAX_RECOVERIES = 5;

  private static final int MAX_SOUGHT = 256;

  private static final long SCAN_REST_NS = TimeUnit.MILLISECONDS.toNanos(500);
  private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(250);
  private static final long FORGET_MS = TimeUnit.DAYS.toMillis(1);
  private static final long FORGET_OTHERS_MS = TimeUnit.DAYS.toMillis(7);
  private static final int MAX_LEFT_OUT = 1000;
  private static final int MAX_DIRECTORY_ENTRIES = 10_000;

  private final TailSettings settings;
  private final Positions positions;
  private final InstantSource clock;
  private final CollectMetrics metrics;
  private final FileLane lane;
  private final EntryBatches batches;
  private final LineTime lineTime;
  private final Fingerprints fingerprints = new Fingerprints();
  private final TextProbe probe = new TextProbe();
  private final byte[] buffer;
  private final DirectoryWatch watch;
  private final Thread thread;

  private final ReentrantLock lock = new ReentrantLock();
  private final Condition woken = lock.newCondition();
  private Set<Path> changed = new HashSet<>();
  private boolean namesChanged = true;
  private boolean wake;
  private List<FileJob> newJobs = List.of();
  private boolean jobsChanged;
  private volatile boolean closed;

  // Of the thread alone.
  private List<FileJob> jobs = List.of();
  private final Map<String, FollowedFile> known = new LinkedHashMap<>();
  private final Set<FollowedFile> touched = new LinkedHashSet<>();
  private final Map<FileId, Long> copiesSinceNs = new HashMap<>();
  private final Deque<Sought> sought = new ArrayDeque<>();
  private final List<String> forget = new ArrayList<>();
  private Map<String, FileStatus.LeftOut> leftOut = new TreeMap<>();
  private long lastScanNs;
  private boolean recovered;
  private int recoveries;
  private boolean told;
  private long lastPublishNs = Long.MIN_VALUE;

  /** How far a file was read that was cut, and whose copy was not found yet. */
  private record Sought(String jobKey, FilePosition position) {}

  private volatile List<FileStatus> statuses = List.of();
  private volatile List<FileStatus.LeftOut> leftOuts = List.of();
  private volatile int openFiles;
  private volatile long behindBytes;

  public FileCollector(
      TailSettings settings,
      EntryBatches batches,
      Delivery delivery,
      Positions positions,
      InstantSource clock,
      ZoneId zone,
      CollectMetrics metrics) {
    this.settings = settings;
    this.positions = positions;
    this.clock = clock;
    this.metrics = metrics;
    this.batches = batches;
    this.lineTime = new LineTime(zone, clock);
    this.buffer = new byte[Math.max(READ_BYTES, 2 * settings.maxLineBytes())];
    int parcels = (int) Math.clamp(settings.bytesInFlight() / PARCEL_BYTES - 2, 1, 64);
    this.lane = new FileLane(delivery, positions, metrics, parcels, this::wake);
    this.watch = new DirectoryWatch("collect-watch", this::changed);
    this.thread = Thread.ofPlatform().daemon().name("collect-files").unstarted(this::run);
    metrics.gauge("files", "Files followed.", () -> statuses.size());
    metrics.gauge("open_files", "Files open, of those followed.", () -> openFiles);
    metrics.gauge("left_out_files", "Files that match and are not followed.", this::leftOutCount);
    metrics.gauge("behind_bytes", "Bytes of followed files not stored yet.", () -> behindBytes);
  }

  private double leftOutCount() {
    return leftOuts.size();
  }

  public void start() {
    watch.start();
    lane.start();
    thread.start();
  }

  /** What to follow from now on; files of others are read to their end. */
  public void follow(List<FileJob> wanted) {
    lock.lock();
    try {
      newJobs = List.copyOf(wanted);
      jobsChanged = true;
      wake = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void changed(Set<Path> directories, boolean names) {
    lock.lock();
    try {
      changed.addAll(directories);
      namesChanged |= names;
      wake = true;
      woken.signalAll();
    } finally {
      lock.unlock();
    }
  }

  private void wake() {
    changed(Set.of(), false);
  }

  private void run() {
    try {
      while (!closed) {
        try {
          turn();
        } catch (IOException e) {
          log.warn("following files: {}", e.toString());
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException | Error e) {
      log.error("following files ended by a defect", e);
      throw e;
    } finally {
      known.values().forEach(FileCollector::closeQuietly);
    }
  }

  private void turn() throws IOException, InterruptedException {
    boolean scan;
    Set<Path> dirty;
    long now = System.nanoTime();
    lock.lock();
    try {
      boolean polled = now - lastScanNs > TimeUnit.MILLISECONDS.toNanos(settings.pollMs());
      boolean rested = now - lastScanNs > SCAN_REST_NS;
      boolean seeking = !recovered && !jobs.isEmpty();
      scan = jobsChanged || polled || (namesChanged || seeking) && rested;
      if (jobsChanged) {
        jobs = newJobs;
        jobsChanged = false;
      }
      namesChanged &= !scan;
      dirty = changed;
      changed = new HashSet<>();
      wake = false;
    } finally {
      lock.unlock();
    }
    if (scan) {
      scan();
    }
    if (!dirty.isEmpty()) {
      for (FollowedFile file : known.values()) {
        file.dirty |= dirty.contains(file.directory);
      }
    }
    boolean more = round();
    publish();
    if (!more) {
      await(now);
    }
  }

  private void await(long turnNs) throws InterruptedException {
    boolean holds = false;
    for (FollowedFile file : known.values()) {
      holds |=
          file.state == FollowedFile.State.LEAVING
              || file.restUntilNs > turnNs
              || file.holdsLines();
    }
    long waitNs =
        holds || !copiesSinceNs.isEmpty() || !recovered
            ? TICK_NS
            : TimeUnit.MILLISECONDS.toNanos(settings.pollMs());
    lock.lock();
    try {
      if (namesChanged) {
        waitNs = Math.min(waitNs, SCAN_REST_NS);
      }
      while (!wake && !closed && waitNs > 0) {
        waitNs = woken.awaitNanos(waitNs);
      }
    } finally {
      lock.unlock();
    }
  }

  // Looking for files.

  private void scan() throws IOException, InterruptedException {
    lastScanNs = System.nanoTime();
    leftOut = new TreeMap<>();
    Set<Path> directories = new HashSet<>();
    Set<String> wanted = new HashSet<>();
    copiesSinceNs.values().removeIf(since -> lastScanNs - since > 4 * COPY_NS);
    for (FileJob job : jobs) {
      if (!wanted.add(job.key())) {
        continue;
      }
      Set<Path> paths = new TreeSet<>();
      job.pattern()
          .expand(
              new Glob.Found() {
                @Override
                public void path(Path path) {
                  paths.add(path);
                }

                @Override
                public void directory(Path directory) {
                  directories.add(directory);
                }

                @Override
                public void unreadable(Path directory, IOException why) {
                  leaveOut(job, directory, reason(why));
                }
              });
      for (Path path : paths) {
        if (job.exclude() == null || !job.exclude().matches(path)) {
          try {
            consider(job, path);
          } catch (IOException e) {
            if (!(e instanceof NoSuchFileException)) {
              leaveOut(job, path, reason(e));
            }
          }
        }
      }
    }
    for (FollowedFile file : known.values()) {
      if (file.state == FollowedFile.State.FOLLOWED && !wanted.contains(file.job.key())) {
        leave(file);
      }
      directories.add(file.directory);
    }
    if (!recovered && !jobs.isEmpty()) {
      recovered = recoverLeft(++recoveries >= MAX_RECOVERIES);
    }
    forgetOld();
    watch.watch(directories, Duration.ofDays(1));
    tell();
  }

  private static String reason(IOException e) {
    return e instanceof AccessDeniedException
        ? "permission denied"
        : e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private void leaveOut(FileJob job, Path path, String reason) {
    if (leftOut.size() < MAX_LEFT_OUT) {
      leftOut.put(
          job.key() + "|" + path, new FileStatus.LeftOut(job.job(), path.toString(), reason));
    }
  }

  private void consider(FileJob job, Path path) throws IOException, InterruptedException {
    FileId.Attributes attributes = FileId.read(path);
    if (!attributes.regular()) {
      return;
    }
    FollowedFile file = known.get(job.key(attributes.id()));
    if (file != null) {
      reconsider(file, path, attributes);
      return;
    }
    String name = String.valueOf(path.getFileName());
    long ageMs = clock.millis() - attributes.modifiedMs();
    if (job.hostLogs()) {
      String refusal = TextProbe.refusal(name);
      if (!refusal.isEmpty()) {
        leaveOut(job, path, refusal);
        return;
      }
    }
    if (job.maxAgeMs() > 0 && ageMs > job.maxAgeMs()) {
      leaveOut(job, path, "nobody has written to it for long");
      return;
    }
    boolean compressed = name.endsWith(".gz");
    if (compressed && job.packed() == null && !job.hostLogs()) {
      leaveOut(job, path, "compressed; set decompression: {enabled: true, format: gz}");
      return;
    }
    if (job.packed() != null && ageMs >= 0 && ageMs < job.packedDelayMs()) {
      return;
    }
    if (known.size() >= settings.maxFiles()) {
      leaveOut(job, path, "collect.max_files (" + settings.maxFiles() + ") are followed");
      return;
    }
    begin(job, path, attributes);
  }

  private void reconsider(FollowedFile file, Path path, FileId.Attributes attributes)
      throws IOException, InterruptedException {
    file.seenMs = clock.millis();
    if (!path.equals(file.path) && !isAt(file.path, file.id)) {
      // Renamed within the pattern; or another file has its number by now, which reading tells.
      file.path = path;
      file.directory = directoryOf(path);
      if (file.content == null && !stillFits(file, path) && isAt(path, file.id)) {
        begin(file.job, path, attributes);
        return;
      }
    } else if (!path.equals(file.path)) {
      return;
    }
    boolean grown =
        file.job.packed() == null
            ? attributes.size() != file.offset || attributes.modifiedMs() != file.lastModifiedMs
            : attributes.modifiedMs() != file.lastModifiedMs;
    if (file.state == FollowedFile.State.LEAVING
        || file.state == FollowedFile.State.DONE && grown) {
      file.state = FollowedFile.State.FOLLOWED;
      file.dirty = true;
    }
    file.dirty |= grown;
  }

  private boolean stillFits(FollowedFile file, Path path) throws IOException {
    try (Content content = open(file.job, path)) {
      return fingerprints.fits(content, file.readPosition());
    }
  }

  private static boolean isAt(Path path, FileId id) {
    try {
      return FileId.read(path).id().equals(id);
    } catch (IOException e) {
      return false;
    }
  }

  /** Begins to follow a file, where its position says, or that of the file it is a copy of. */
  private void begin(FileJob job, Path path, FileId.Attributes attributes)
      throws IOException, InterruptedException {
    FilePosition position = null;
    FilePosition outdated = null;
    boolean copied = false;
    try (Content content = open(job, path)) {
      if (!isAt(path, attributes.id())) {
        // Renamed in between; what is there now is looked at next time.
        changed(Set.of(), true);
        return;
      }
      if (job.hostLogs() && !probe.isText(content)) {
        leaveOut(job, path, "not text");
        return;
      }
      FilePosition stored = storedPosition(job, attributes.id());
      if (stored != null) {
        boolean enough = job.packed() != null || attributes.size() >= stored.offset();
        if (enough && fingerprints.fits(content, stored)) {
          position = stored;
        } else {
          outdated = stored;
        }
      }
      if (position == null) {
        FilePosition original = original(job, path, content, attributes.size());
        if (original != null && isWaitedFor(original, content, attributes)) {
          return;
        }
        position =
            original != null
                    && attributes.size() >= original.offset()
                    && fingerprints.fits(content, original)
                ? original.at(path, clock.millis(), false)
                : null;
        copied = position != null;
      }
    }
    if (outdated != null && position == null && !rescue(job, outdated)) {
      remember(job, outdated);
    }
    copiesSinceNs.remove(attributes.id());
    FilePosition from =
        position == null ? FilePosition.start(path, path.toString(), clock.millis()) : position;
    FollowedFile file = file(job, attributes.id(), path, from);
    if (copied) {
      // Known before anything that comes after it.
      lane.put(new FileLane.Parcel(Map.of(), List.of(file.announcement()), List.of()));
    }
    if (from.done()) {
      file.state = FollowedFile.State.DONE;
      file.lastModifiedMs = attributes.modifiedMs();
      file.offset = from.offset();
    }
  }

  private FollowedFile file(FileJob job, FileId id, Path path, FilePosition position) {
    FollowedFile file =
        new FollowedFile(job, id, path, position, batches, lineTime, settings, metrics);
    file.directory = directoryOf(path);
    file.seenMs = clock.millis();
    file.lastDataNs = System.nanoTime();
    known.put(file.key, file);
    return file;
  }

  private static Path directoryOf(Path path) {
    Path parent;
    try {
      parent = path.toRealPath().getParent();
    } catch (IOException e) {
      parent = path.getParent();
    }
    return parent == null ? path : parent;
  }

  private static Content open(FileJob job, Path path) throws IOException {
    return job.packed() == null ? new PlainContent(path) : new PackedContent(path, job.packed());
  }

  /** Of this job, or of one that is not configured any more. */
  private @Nullable FilePosition storedPosition(FileJob job, FileId id) {
    JsonValue own = positions.get(job.key(id));
    if (own != null) {
      return FilePosition.parse(own);
    }
    if (recovered) {
      return null;
    }
    Set<String> configured = new HashSet<>();
    jobs.forEach(one -> configured.add(one.key()));
    for (Map.Entry<String, JsonValue> one : positions.all().entrySet()) {
      int cut = one.getKey().lastIndexOf('|');
      if (cut > 0
          && one.getKey().endsWith("|" + id)
          && !configured.contains(one.getKey().substring(0, cut))) {
        return FilePosition.parse(one.getValue());
      }
    }
    return null;
  }

  /** The position of a file in the same directory that this content begins as. */
  private @Nullable FilePosition original(FileJob job, Path path, Content content, long size)
      throws IOException {
    Path directory = path.getParent();
    FilePosition best = null;
    Map<Integer, Long> heads = new HashMap<>();
    for (FilePosition position : positionsIn(job, directory)) {
      int length = position.headLength();
      if (length < SHORTEST_HEAD || position.path().equals(path.toString())) {
        continue;
      }
      Long head = heads.get(length);
      if (head == null) {
        head = fingerprints.of(content, 0, length);
        heads.put(length, head);
      }
      boolean fits = head == position.head();
      if (fits && size >= position.offset()) {
        fits = fingerprints.fits(content, position);
      }
      if (fits && (best == null || best.offset() < position.offset())) {
        best = position;
      }
    }
    return best;
  }

  /** A copy that was renamed while it was looked for is found when it is looked at next. */
  private void remember(FileJob job, FilePosition position) {
    if (position.headLength() > 0) {
      sought.addLast(new Sought(job.key(), position));
      if (sought.size() > MAX_SOUGHT) {
        sought.removeFirst();
      }
    }
  }

  private List<FilePosition> positionsIn(FileJob job, @Nullable Path directory) {
    List<FilePosition> all = new ArrayList<>();
    for (FollowedFile file : known.values()) {
      if (file.job.key().equals(job.key())) {
        all.add(file.readPosition());
      }
    }
    for (Sought one : sought) {
      if (one.jobKey.equals(job.key())) {
        all.add(one.position);
      }
    }
    if (!recovered) {
      String prefix = job.key() + "|";
      positions
          .all()
          .forEach((key, value) -> {
            if (key.startsWith(prefix) && !known.containsKey(key)) {
              all.add(FilePosition.parse(value));
            }
          });
    }
    all.removeIf(position -> !Objects.equals(Path.of(position.path()).getParent(), directory));
    return all;
  }

  /**
   * Whether a file looks like a copy of one that is still whole: it is followed once the original
   * was cut, or after a while when it turns out to be a file of its own.
   */
  private boolean isWaitedFor(FilePosition original, Content content, FileId.Attributes attributes)
      throws IOException {
    long now = System.nanoTime();
    Long since = copiesSinceNs.putIfAbsent(attributes.id(), now);
    if (since != null && now - since > COPY_NS) {
      return false;
    }
    try (Content first = new PlainContent(Path.of(original.path()))) {
      long upTo = Math.min(original.offset(), attributes.size());
      if (first.size() < original.offset() || !fingerprints.fits(first, original)) {
        // The original was cut: the copy holds the rest of it, once it is whole.
        return attributes.size() < original.offset();
      }
      long from = Math.max(0, upTo - Fingerprints.LENGTH);
      return fingerprints.of(first, from, upTo) == fingerprints.of(content, from, upTo);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * After a start: what was not read to its end before and has another name now, or is gone.
   *
   * @param last whether what cannot be found is given up
   * @return whether nothing is left to be looked for
   */
  private boolean recoverLeft(boolean last) throws InterruptedException {
    boolean all = true;
    for (Map.Entry<String, JsonValue> one : positions.all().entrySet()) {
      String key = one.getKey();
      int cut = key.lastIndexOf('|');
      FilePosition position = FilePosition.parse(one.getValue());
      long ageMs = clock.millis() - position.seenMs();
      if (cut < 0 || position.path().isEmpty() || known.containsKey(key)) {
        continue;
      }
      FileJob job = null;
      for (FileJob candidate : jobs) {
        job = candidate.key().equals(key.substring(0, cut)) ? candidate : job;
      }
      if (job == null) {
        if (ageMs > FORGET_OTHERS_MS) {
          forget.add(key);
        }
      } else if (!position.done()) {
        String id = key.substring(cut + 1);
        Path moved = withId(Path.of(position.path()), id);
        if (moved != null && rescueFrom(job, position, moved, id)) {
          continue;
        }
        boolean found = moved == null && rescue(job, position);
        if (found || last) {
          forget.add(key);
        } else {
          all = false;
        }
      } else if (ageMs > FORGET_MS) {
        forget.add(key);
      }
    }
    return all || last;
  }

  private static @Nullable Path withId(Path path, String id) {
    for (Path entry : neighbours(path)) {
      try {
        if (FileId.read(entry).id().toString().equals(id)) {
          return entry;
        }
      } catch (IOException e) {
        // Gone in the meantime.
      }
    }
    return null;
  }

  private static List<Path> neighbours(Path path) {
    List<Path> entries = new ArrayList<>();
    Path directory = path.getParent();
    if (directory == null) {
      return entries;
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      for (Path entry : stream) {
        if (entries.size() < MAX_DIRECTORY_ENTRIES) {
          entries.add(entry);
        }
      }
    } catch (IOException | DirectoryIteratorException e) {
      return entries;
    }
    return entries;
  }

  /**
   * Looks beside a file that was cut or replaced for a copy of what it was, and reads the rest from
   * there.
   *
   * @return whether there is one
   */
  private boolean rescue(FileJob job, FilePosition lost) throws InterruptedException {
    if (lost.headLength() == 0) {
      return false;
    }
    String name = String.valueOf(Path.of(lost.path()).getFileName());
    int stem = name.indexOf('.') > 0 ? name.indexOf('.') : name.length();
    List<Path> candidates = neighbours(Path.of(lost.path()));
    candidates.removeIf(path ->
        path.toString().equals(lost.path())
            || !String.valueOf(path.getFileName()).startsWith(name.substring(0, stem)));
    candidates.sort(Comparator.comparingLong(FileCollector::modifiedMs).reversed());
    for (Path candidate : candidates) {
      if (rescueFrom(job, lost, candidate, "")) {
        return true;
      }
    }
    return false;
  }

  private static long modifiedMs(Path path) {
    try {
      return FileId.read(path).modifiedMs();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * @param id of the file that it must be; empty when its content tells
   */
  private boolean rescueFrom(FileJob job, FilePosition lost, Path path, String id)
      throws InterruptedException {
    boolean gz = String.valueOf(path.getFileName()).endsWith(".gz");
    FileJob reading = gz && job.packed() == null ? job.unpacking() : job;
    try {
      FileId.Attributes attributes = FileId.read(path);
      if (!attributes.regular()
          || !id.isEmpty() && !attributes.id().toString().equals(id)
          || reading.packed() == null && attributes.size() < lost.offset()) {
        return false;
      }
      FollowedFile followed = known.get(job.key(attributes.id()));
      if (followed != null) {
        return followed.label.equals(lost.label());
      }
      try (Content content = open(reading, path)) {
        if (!fingerprints.fits(content, lost) || !isAt(path, attributes.id())) {
          return false;
        }
      }
      FollowedFile file =
          file(reading, attributes.id(), path, lost.at(path, clock.millis(), false));
      copiesSinceNs.remove(attributes.id());
      leave(file);
      // Known before anything that comes after it.
      lane.put(new FileLane.Parcel(Map.of(), List.of(file.announcement()), List.of()));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  private void leave(FollowedFile file) {
    file.state = FollowedFile.State.LEAVING;
    file.lastDataNs = System.nanoTime();
    file.dirty = true;
  }

  private void forgetOld() {
    long nowMs = clock.millis();
    known
        .values()
        .removeIf(file -> {
          boolean old = file.state == FollowedFile.State.DONE && nowMs - file.seenMs > FORGET_MS;
          if (old) {
            forget.add(file.key);
          }
          return old;
        });
  }

  private void tell() {
    if (told || jobs.isEmpty()) {
      return;
    }
    told = true;
    List<String> denied = new ArrayList<>();
    leftOut.values().stream()
        .filter(one -> one.reason().equals("permission denied"))
        .forEach(one -> denied.add(one.path()));
    log.info(
        "following {} files; {} more match and are left out, see /api/v1/collect/targets",
        known.size(),
        leftOut.size());
    if (!denied.isEmpty()) {
      log.warn(
          "may not read {}{}: let the server's user read them, or name others in collect",
          String.join(", ", denied.subList(0, Math.min(denied.size(), 10))),
          denied.size() > 10 ? " and " + (denied.size() - 10) + " more" : "");
    }
  }

  // Reading.

  /** Looks at all files that may have something; true when there is more than was read. */
  private boolean round() throws IOException, InterruptedException {
    boolean more = false;
    long now = System.nanoTime();
    for (FollowedFile file : List.copyOf(known.values())) {
      if (closed) {
        return false;
      }
      if (file.state == FollowedFile.State.DONE) {
        continue;
      }
      boolean due =
          file.dirty
              || file.moreToRead
              || file.state == FollowedFile.State.LEAVING
              || now - file.lastCheckNs > TimeUnit.MILLISECONDS.toNanos(settings.pollMs());
      if (due && file.restUntilNs <= now) {
        try {
          more |= step(file);
          file.problem = "";
        } catch (IOException e) {
          file.problem = reason(e);
          file.moreToRead = false;
          file.dirty = false;
          closeQuietly(file);
        }
      }
      if (file.holdsLines()) {
        file.tick(now);
        touched.add(file);
      }
      if (batches.bytes() >= PARCEL_BYTES) {
        hand();
      }
    }
    if (lane.hasRoom()) {
      hand();
    }
    closeSome();
    return more && lane.hasRoom();
  }

  /** True when there is more to read. */
  private boolean step(FollowedFile file) throws IOException, InterruptedException {
    file.lastCheckNs = System.nanoTime();
    FileId.Attributes attributes = attributes(file);
    boolean same = attributes != null && attributes.id().equals(file.id);
    if (!same && file.state == FollowedFile.State.FOLLOWED) {
      leave(file);
    }
    file.dirty = false;
    if (file.content == null && !reopen(file, same ? attributes : null)) {
      return file.dirty;
    }
    Content content = file.content;
    if (content == null || !lane.hasRoom()) {
      // Open, so it cannot vanish; read when there is room.
      file.dirty = true;
      return false;
    }
    long size = content.size();
    if (size < file.offset) {
      replaced(file);
      return true;
    }
    int read = content.read(file.offset, buffer, 0, buffer.length);
    boolean packed = file.job.packed() != null;
    if (!packed && !fingerprints.fits(content, file.readPosition())) {
      replaced(file);
      return true;
    }
    if (!packed) {
      file.lastSize = Math.max(size, file.offset + read);
    }
    if (attributes != null && same) {
      file.lastModifiedMs = attributes.modifiedMs();
    }
    boolean full = read == buffer.length;
    boolean left =
        file.state == FollowedFile.State.LEAVING
            && file.lastCheckNs - file.lastDataNs > settings.leavingMs() * 1_000_000L;
    boolean ended = !full && (packed ? content.isComplete() : left);
    long before = file.offset;
    file.take(buffer, read, readTimeNs(same ? attributes : null), ended);
    if (file.offset > before) {
      touched.add(file);
      file.lastDataNs = file.lastCheckNs;
      long rest = file.restNs();
      file.restUntilNs = rest > 0 ? System.nanoTime() + rest : Long.MIN_VALUE;
    }
    file.moreToRead = full || packed && !content.isComplete();
    if (ended && file.offset == before + read) {
      file.finish();
      file.state = FollowedFile.State.DONE;
      file.moreToRead = false;
      touched.add(file);
      hand();
      closeQuietly(file);
    }
    return file.moreToRead && file.restUntilNs == Long.MIN_VALUE;
  }

  private static FileId.@Nullable Attributes attributes(FollowedFile file) {
    try {
      return FileId.read(file.path);
    } catch (IOException e) {
      return null;
    }
  }

  /** Now, or when an old file was written to last. */
  private long readTimeNs(FileId.@Nullable Attributes attributes) {
    long nowMs = clock.millis();
    long modifiedMs = attributes == null ? nowMs : attributes.modifiedMs();
    return (modifiedMs < nowMs - 10_000 ? modifiedMs : nowMs) * 1_000_000L;
  }

  /** Opens a file that has something new; false when it has not, or is gone. */
  private boolean reopen(FollowedFile file, FileId.@Nullable Attributes attributes)
      throws IOException {
    Path path = file.path;
    if (attributes == null) {
      Path moved = withId(path, file.id.toString());
      if (moved == null) {
        gone(file);
        return false;
      }
      path = moved;
    } else if (file.job.packed() == null
        && attributes.size() == file.offset
        && attributes.modifiedMs() == file.lastModifiedMs
        && file.state == FollowedFile.State.FOLLOWED) {
      return false;
    }
    Content opened = open(file.job, path);
    if (!isAt(path, file.id)) {
      // Renamed in between: another file may have been opened.
      opened.close();
      file.dirty = true;
      return false;
    }
    file.opened(opened);
    file.path = path;
    return true;
  }

  /** Removed while it was closed. */
  private void gone(FollowedFile file) {
    long lost = file.lastSize - file.offset;
    if (lost > 0) {
      metrics.lostBytes.inc(lost);
    }
    file.finish();
    touched.add(file);
    file.state = FollowedFile.State.DONE;
  }

  /** The file was cut, or another one has its place: what was it is read elsewhere, if it can. */
  private void replaced(FollowedFile file) throws IOException, InterruptedException {
    metrics.truncations.inc();
    file.finish();
    touched.add(file);
    // What is stored of the old content must be known before anything is of the new.
    hand();
    boolean rescued = rescue(file.job, file.readPosition());
    if (!rescued) {
      remember(file.job, file.readPosition());
    }
    if (!rescued && file.lastSize > file.offset) {
      metrics.lostBytes.inc(file.lastSize - file.offset);
    }
    FollowedFile fresh =
        file(
            file.job,
            file.id,
            file.path,
            FilePosition.start(file.path, file.path.toString(), clock.millis()));
    fresh.state = file.state;
    Content content = file.content;
    file.content = null;
    if (content != null) {
      fresh.opened(content);
    }
  }

  /** Gives the lane what was read. */
  private void hand() throws IOException, InterruptedException {
    List<FollowedFile.Cut> cuts = new ArrayList<>(touched.size());
    long nowMs = clock.millis();
    for (FollowedFile file : touched) {
      FollowedFile.Cut cut = file.cut(fingerprints, nowMs);
      if (cut != null) {
        cuts.add(cut);
      }
    }
    touched.clear();
    if (!cuts.isEmpty() || batches.rows() > 0 || !forget.isEmpty()) {
      lane.put(new FileLane.Parcel(batches.take(), cuts, List.copyOf(forget)));
      forget.clear();
    }
  }

  /** Files at rest are closed when too many are open, longest at rest first. */
  private void closeSome() {
    List<FollowedFile> open = new ArrayList<>();
    for (FollowedFile file : known.values()) {
      if (file.content != null) {
        open.add(file);
      }
    }
    openFiles = open.size();
    if (open.size() <= settings.maxOpenFiles()) {
      return;
    }
    open.sort(Comparator.comparingLong(file -> file.lastDataNs));
    int excess = open.size() - settings.maxOpenFiles();
    for (FollowedFile file : open) {
      if (excess > 0 && file.state == FollowedFile.State.FOLLOWED && !file.moreToRead) {
        closeQuietly(file);
        excess--;
      }
    }
  }

  private static void closeQuietly(FollowedFile file) {
    try {
      file.close();
    } catch (IOException e) {
      log.debug("closing {}: {}", file.path, e.getMessage());
    }
  }

  // What others see.

  private void publish() {
    long now = System.nanoTime();
    if (lastPublishNs != Long.MIN_VALUE && now - lastPublishNs < TimeUnit.SECONDS.toNanos(1)) {
      return;
    }
    lastPublishNs = now;
    List<FileStatus> all = new ArrayList<>(known.size());
    long behind = 0;
    for (FollowedFile file : known.values()) {
      long stored = file.stored().offset();
      long size = file.job.packed() == null ? Math.max(file.lastSize, file.offset) : -1;
      behind += file.state == FollowedFile.State.DONE ? 0 : Math.max(0, size - stored);
      all.add(
          new FileStatus(
              file.job.job(),
              file.path.toString(),
              file.state.name().toLowerCase(Locale.ROOT),
              stored,
              size,
              file.job.labels(),
              file.problem));
    }
    behindBytes = behind;
    statuses = List.copyOf(all);
    leftOuts = List.copyOf(leftOut.values());
  }

  /** Of a second ago at most. */
  public List<FileStatus> files() {
    return statuses;
  }

  /** Files that match and are not followed, at most 1000 of them. */
  public List<FileStatus.LeftOut> leftOut() {
    return leftOuts;
  }

  /** Reads no more, stores what was read, and writes positions down. */
  @Override
  public void close() {
    stop();
    lane.close();
  }

  /** Ends without storing or writing anything more, as a crash would. */
  void abandon() {
    lane.abandon();
    stop();
  }

  private void stop() {
    closed = true;
    wake();
    watch.close();
    try {
      thread.join(TimeUnit.SECONDS.toMillis(5));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    thread.interrupt();
  }
}
