// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Knows a content again that has another file or another name than when it was read: copied and cut
 * ({@code copytruncate}), renamed, compressed. Used by the collector's thread.
 */
final class CopySearch {

  /** A copy made before its original is cut is not taken for a new file so long. */
  private static final long COPY_NS = TimeUnit.SECONDS.toNanos(30);

  /** Files that begin alike for fewer bytes than this are not taken for copies. */
  private static final int SHORTEST_HEAD = 32;

  /** A content is looked for beside its old place so often: names may change meanwhile. */
  private static final int MAX_SEARCHES = 5;

  private final FollowedFiles files;
  private final LostFiles lost;
  private final Handover handover;
  private final Fingerprints fingerprints;
  private final InstantSource clock;
  private final Map<FileId, Long> copiesSinceNs = new HashMap<>();

  CopySearch(
      FollowedFiles files,
      LostFiles lost,
      Handover handover,
      Fingerprints fingerprints,
      InstantSource clock) {
    this.files = files;
    this.lost = lost;
    this.handover = handover;
    this.fingerprints = fingerprints;
    this.clock = clock;
  }

  /** What a content is a copy of. */
  record Original(FilePosition position, LostFiles.@Nullable Lost lost) {}

  /**
   * What a file nobody knows is a copy of: a file in the same directory that is followed, or was;
   * null when it is not one.
   */
  @Nullable Original original(FileJob job, Path path, FileId id, Content content, long size)
      throws IOException {
    List<Original> all = new ArrayList<>();
    String own = job.key(id);
    for (FollowedFile file : files.all()) {
      if (file.job.key().equals(job.key()) && !file.key.equals(own)) {
        all.add(new Original(file.readPosition(), null));
      }
    }
    for (LostFiles.Lost one : lost.ofJob(job)) {
      if (!one.key.equals(own)) {
        all.add(new Original(one.position, one));
      }
    }
    Original best = null;
    Map<Integer, Long> heads = new HashMap<>();
    for (Original one : all) {
      FilePosition position = one.position;
      int length = position.headLength();
      Path first = Path.of(position.path());
      if (length < SHORTEST_HEAD
          || !Objects.equals(first.getParent(), path.getParent())
          || position.offset() == 0 && !isNamedAfter(first, path)) {
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
      if (fits && (best == null || best.position.offset() < position.offset())) {
        best = one;
      }
    }
    return best;
  }

  /**
   * Whether a file looks like a copy of one that is still whole: it is followed once the original
   * was cut, or after a while when it turns out to be a file of its own.
   */
  boolean isWaitedFor(FilePosition original, Content content, FileId.Attributes attributes) {
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

  /** Whether files wait that may be copies. */
  boolean isWaiting() {
    return !copiesSinceNs.isEmpty();
  }

  /** The file waits no more. */
  void decided(FileId id) {
    copiesSinceNs.remove(id);
  }

  /** Files that waited and are gone. */
  void forgetOld(long nowNs) {
    copiesSinceNs.values().removeIf(since -> nowNs - since > 4 * COPY_NS);
  }

  /**
   * A file was cut or replaced: what it was is read on from the copy beside it, or is lost until
   * one is found.
   *
   * @return whether there is one
   */
  boolean rescue(FileJob job, FilePosition position) throws InterruptedException {
    if (isBeside(job, position)) {
      return true;
    }
    lost.lose(job, position);
    return false;
  }

  private boolean isBeside(FileJob job, FilePosition position) throws InterruptedException {
    if (position.headLength() == 0) {
      return false;
    }
    Path old = Path.of(position.path());
    List<Path> candidates = Siblings.of(old);
    candidates.removeIf(path -> path.equals(old) || !isNamedAfter(old, path));
    Map<Path, Long> modifiedMs = new HashMap<>();
    candidates.forEach(path -> modifiedMs.put(path, modifiedMs(path)));
    candidates.sort(Comparator.comparing(modifiedMs::get, Comparator.reverseOrder()));
    for (Path candidate : candidates) {
      if (isIn(candidate, job, position, "")) {
        return true;
      }
    }
    return false;
  }

  /** Whether a name is one that rotation makes: it begins as the first does up to a point. */
  private static boolean isNamedAfter(Path first, Path path) {
    String name = String.valueOf(first.getFileName());
    int stem = name.indexOf('.') > 0 ? name.indexOf('.') : name.length();
    return String.valueOf(path.getFileName()).startsWith(name.substring(0, stem));
  }

  private static long modifiedMs(Path path) {
    try {
      return FileId.read(path).modifiedMs();
    } catch (IOException e) {
      return 0;
    }
  }

  /**
   * Whether a file holds a content; it is followed then.
   *
   * @param id of the file that it must be; empty when its content tells
   */
  private boolean isIn(Path path, FileJob job, FilePosition position, String id)
      throws InterruptedException {
    boolean gz = String.valueOf(path.getFileName()).endsWith(".gz");
    FileJob reading = gz && job.packed() == null ? job.unpacking() : job;
    try {
      FileId.Attributes attributes = FileId.read(path);
      if (!attributes.regular()
          || !id.isEmpty() && !attributes.id().toString().equals(id)
          || reading.packed() == null && attributes.size() < position.offset()) {
        return false;
      }
      FilePosition from = position;
      try (Content content = reading.open(path)) {
        if (!fingerprints.fits(content, position) || !attributes.id().isAt(path)) {
          return false;
        }
        // It may have been found before the start, and read further.
        FilePosition own = lost.of(job, attributes.id());
        if (own != null && fingerprints.fits(content, own)) {
          from = own;
        }
      }
      FollowedFile followed = files.get(job.key(attributes.id()));
      if (followed == null) {
        FollowedFile file =
            files.follow(reading, attributes.id(), path, from.at(path, clock.millis(), false));
        lost.taken(file);
        decided(attributes.id());
        FollowedFiles.leave(file);
        handover.announce(file);
      }
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Looks for what was not read to its end before, and has another name now, maybe one that no job
   * asks for.
   *
   * @param jobs by their keys
   * @return whether something is worth looking for once more
   */
  boolean recover(Map<String, FileJob> jobs) throws InterruptedException {
    boolean more = false;
    for (LostFiles.Lost one : lost.all()) {
      FileJob job = jobs.get(one.jobKey);
      if (job == null || one.position.done() || one.searches >= MAX_SEARCHES) {
        continue;
      }
      one.searches++;
      Path moved = one.hasFile() ? Siblings.withId(Path.of(one.position.path()), one.id) : null;
      if (moved != null && isIn(moved, job, one.position, one.id)) {
        continue;
      }
      if (isBeside(job, one.position)) {
        lost.found(one);
      } else {
        more |= one.searches < MAX_SEARCHES;
      }
    }
    return more;
  }
}
