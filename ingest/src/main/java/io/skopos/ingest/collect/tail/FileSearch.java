// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks for the files of all jobs and decides which are followed, and from where on. Used by the
 * collector's thread.
 */
final class FileSearch {

  private static final Logger log = LoggerFactory.getLogger(FileSearch.class);

  private static final int MAX_LEFT_OUT = 1000;
  private static final int MAX_NAMED = 10;

  private final TailSettings settings;
  private final InstantSource clock;
  private final FollowedFiles files;
  private final LostFiles lost;
  private final CopySearch copies;
  private final Handover handover;
  private final Fingerprints fingerprints;
  private final TextProbe probe = new TextProbe();
  private Map<String, FileJob> jobs = Map.of();
  private Map<String, FileStatus.LeftOut> leftOut = new TreeMap<>();
  private boolean again;
  private boolean told;

  FileSearch(
      TailSettings settings,
      InstantSource clock,
      FollowedFiles files,
      LostFiles lost,
      CopySearch copies,
      Handover handover,
      Fingerprints fingerprints) {
    this.settings = settings;
    this.clock = clock;
    this.files = files;
    this.lost = lost;
    this.copies = copies;
    this.handover = handover;
    this.fingerprints = fingerprints;
  }

  /** What to look for from now on; of jobs with the same key the first counts. */
  void jobs(List<FileJob> wanted) {
    Map<String, FileJob> byKey = new LinkedHashMap<>();
    wanted.forEach(job -> byKey.putIfAbsent(job.key(), job));
    jobs = byKey;
  }

  /** Looks once; returns the directories to be watched for changes. */
  Set<Path> look() throws InterruptedException {
    leftOut = new TreeMap<>();
    again = false;
    Set<Path> directories = new HashSet<>();
    copies.forgetOld(System.nanoTime());
    for (FileJob job : jobs.values()) {
      for (Path path : matches(job, directories)) {
        try {
          consider(job, path);
        } catch (IOException e) {
          if (!(e instanceof NoSuchFileException)) {
            leaveOut(job, path, reason(e));
          }
        }
      }
    }
    for (FollowedFile file : files.all()) {
      if (file.state == FollowedFile.State.FOLLOWED && !jobs.containsKey(file.job.key())) {
        FollowedFiles.leave(file);
      }
      directories.add(file.directory);
    }
    again |= copies.recover(jobs);
    files.forgetOld();
    lost.forgetOld(jobs.keySet());
    tell();
    return directories;
  }

  /** Whether to look again soon, though no name changes. */
  boolean isUnfinished() {
    return again;
  }

  /** Files that match and are not followed. */
  Collection<FileStatus.LeftOut> leftOut() {
    return leftOut.values();
  }

  private Set<Path> matches(FileJob job, Set<Path> directories) {
    Set<Path> paths = new TreeSet<>();
    job.pattern()
        .expand(
            new Glob.Found() {
              @Override
              public void path(Path path) {
                if (job.exclude() == null || !job.exclude().matches(path)) {
                  paths.add(path);
                }
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
    return paths;
  }

  static String reason(IOException e) {
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
    FollowedFile file = files.get(job.key(attributes.id()));
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
    if (files.size() >= settings.maxFiles()) {
      leaveOut(job, path, "collect.max_files (" + settings.maxFiles() + ") are followed");
      return;
    }
    begin(job, path, attributes, lost.of(job, attributes.id(), jobs.keySet()));
  }

  private void reconsider(FollowedFile file, Path path, FileId.Attributes attributes)
      throws IOException, InterruptedException {
    file.seenMs = clock.millis();
    if (!path.equals(file.path) && !file.id.isAt(file.path)) {
      // Renamed within the pattern; or another file has its number by now, which reading tells.
      file.path = path;
      file.directory = FollowedFiles.directoryOf(path);
      if (file.content == null && !stillFits(file, path) && file.id.isAt(path)) {
        handover.hand();
        begin(file.job, path, attributes, file.readPosition());
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
    try (Content content = file.job.open(path)) {
      return fingerprints.fits(content, file.readPosition());
    }
  }

  /**
   * Begins to follow a file: where it was read to, or the file that it is a copy of, or at its
   * beginning.
   *
   * @param before how far a file with this number was read; null when none was
   */
  private void begin(
      FileJob job, Path path, FileId.Attributes attributes, @Nullable FilePosition before)
      throws IOException, InterruptedException {
    FilePosition position;
    CopySearch.Original original = null;
    boolean fresh = false;
    try (Content content = job.open(path)) {
      if (!attributes.id().isAt(path)) {
        // Renamed in between; what is there now is looked at next time.
        again = true;
        return;
      }
      if (job.hostLogs() && !probe.isText(content)) {
        leaveOut(job, path, "not text");
        return;
      }
      boolean enough =
          before != null && (job.packed() != null || attributes.size() >= before.offset());
      if (before != null && enough && fingerprints.fits(content, before)) {
        position = before;
      } else {
        original = original(job, path, content, attributes);
        if (original != null && copies.isWaitedFor(original.position(), content, attributes)) {
          // When more is known of the original than how it begins, its copy is told at once.
          again |= original.position().offset() == 0;
          return;
        }
        if (original != null
            && attributes.size() >= original.position().offset()
            && fingerprints.fits(content, original.position())) {
          position = original.position().at(path, clock.millis(), false);
        } else {
          original = null;
          position = start(job, path, content);
          fresh = true;
        }
      }
    }
    if (before != null && (fresh || original != null)) {
      copies.rescue(job, before);
    }
    copies.decided(attributes.id());
    FollowedFile file = files.follow(job, attributes.id(), path, position);
    lost.taken(file);
    if (original != null) {
      handover.announce(file);
      if (original.lost() != null) {
        lost.found(original.lost());
      }
    }
    if (position.done()) {
      file.state = FollowedFile.State.DONE;
      file.lastModifiedMs = attributes.modifiedMs();
    }
  }

  /** The beginning of a new file, with what stands there: it may be copied before it is read. */
  private FilePosition start(FileJob job, Path path, Content content) throws IOException {
    FilePosition start = FilePosition.start(path, path.toString(), clock.millis());
    if (job.packed() != null) {
      return start;
    }
    int length = (int) Math.min(Fingerprints.LENGTH, content.size());
    long head = fingerprints.of(content, 0, length);
    return length == 0 || head == 0 ? start : start.beginning(length, head);
  }

  /** As of all that was read, which must be on its way before a copy is read on. */
  private CopySearch.@Nullable Original original(
      FileJob job, Path path, Content content, FileId.Attributes attributes)
      throws IOException, InterruptedException {
    CopySearch.Original found =
        copies.original(job, path, attributes.id(), content, attributes.size());
    if (found == null) {
      return null;
    }
    handover.hand();
    return copies.original(job, path, attributes.id(), content, attributes.size());
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
        files.size(),
        leftOut.size());
    if (!denied.isEmpty()) {
      log.warn(
          "may not read {}{}: let the server's user read them, or name others in collect",
          String.join(", ", denied.subList(0, Math.min(denied.size(), MAX_NAMED))),
          denied.size() > MAX_NAMED ? " and " + (denied.size() - MAX_NAMED) + " more" : "");
    }
  }
}
