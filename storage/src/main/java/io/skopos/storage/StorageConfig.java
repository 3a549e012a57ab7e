// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.model.Signal;
import io.skopos.model.config.ByteSize;
import io.skopos.model.config.Setting;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.storage.tiering.TieringConfig;
import java.time.Duration;
import java.util.List;

/** Settings of the ground. A zero duration or size means "none". */
public record StorageConfig(
    @Setting(
            doc =
                "Shards of a new data directory. Belongs to the data: later changes are ignored"
                    + " with a warning.",
            defaultValue = "16")
        int shards,
    @Setting(doc = "The write log: what makes a write durable.") Log log,
    @Setting(doc = "When rows in memory become parts on disk.") Flush flush,
    @Setting(doc = "How parts are merged.") Compaction compaction,
    @Setting(doc = "What is dropped, and when.") Retention retention,
    @Setting(doc = "The bucket for long-term history.") ObjectStoreConfig objectStore,
    @Setting(
            doc = "Share of the memory budget for the cache of pages read from parts.",
            defaultValue = "0.25")
        double pageCacheShare,
    @Setting(
            doc =
                "Objects that no manifest names are removed at start when they are older than"
                    + " this.",
            defaultValue = "1h")
        Duration orphanAge,
    @Setting(doc = "How parts move into the bucket (storage.object_store), when there is one.")
        TieringConfig tiering) {

  /** The defaults, as documented. */
  public static StorageConfig defaults() {
    return new StorageConfig(
        16,
        Log.defaults(),
        Flush.defaults(),
        Compaction.defaults(),
        Retention.none(),
        ObjectStoreConfig.none(),
        0.25,
        Duration.ofHours(1),
        TieringConfig.defaults());
  }

  /** The same with another way into the bucket. */
  public StorageConfig withTiering(TieringConfig other) {
    return new StorageConfig(
        shards, log, flush, compaction, retention, objectStore, pageCacheShare, orphanAge, other);
  }

  /** The same with another retention. */
  public StorageConfig withRetention(Retention other) {
    return new StorageConfig(
        shards, log, flush, compaction, other, objectStore, pageCacheShare, orphanAge, tiering);
  }

  /** See {@code docs/formats/ingest-log.md}. */
  public record Log(
      @Setting(doc = "Size at which a new segment file begins.", defaultValue = "128MiB")
          ByteSize segmentSize,
      @Setting(
              doc =
                  "Bytes that may wait for the disk. When full, writers wait for queue_wait and"
                      + " are then answered 503.",
              defaultValue = "64MiB")
          ByteSize queueSize,
      @Setting(doc = "How long a write waits for room in the queue.", defaultValue = "5s")
          Duration queueWait,
      @Setting(
              doc =
                  "Free space on the disk below which writes are answered 503, so that flushes,"
                      + " merges and retention can still free space.",
              defaultValue = "256MiB")
          ByteSize reserve,
      @Setting(doc = "How often a log that could not write tries again.", defaultValue = "1s")
          Duration retryInterval,
      @Setting(doc = "Compress frames (zstd level 1) where it pays.", defaultValue = "true")
          boolean compression) {

    public static Log defaults() {
      return new Log(
          ByteSize.ofMebibytes(128),
          ByteSize.ofMebibytes(64),
          Duration.ofSeconds(5),
          ByteSize.ofMebibytes(256),
          Duration.ofSeconds(1),
          true);
    }
  }

  /** Each trigger alone starts a flush. */
  public record Flush(
      @Setting(doc = "Longest time that rows stay in memory only.", defaultValue = "2h")
          Duration interval,
      @Setting(
              doc =
                  "Share of the memory budget that heads may use. Half of it starts a flush; all of"
                      + " it answers writes with 503 until a flush has freed some.",
              defaultValue = "0.4")
          double headShare,
      @Setting(
              doc = "Unflushed bytes of the log that start a flush; bounds the time of a restart.",
              defaultValue = "1GiB")
          ByteSize logSize,
      @Setting(
              doc =
                  "Memory of unflushed log entries that starts a flush of these alone: they take far"
                      + " more of it than metrics do. 0: only head_share counts.",
              defaultValue = "96MiB")
          ByteSize logEntries,
      @Setting(
              doc =
                  "Flush when stopping, so that the next start has nothing to replay. When false,"
                      + " stopping is faster and starting slower.",
              defaultValue = "true")
          boolean onClose) {

    public static Flush defaults() {
      return new Flush(
          Duration.ofHours(2), 0.4, ByteSize.ofMebibytes(1024), ByteSize.ofMebibytes(96), true);
    }

    /** Memory of a signal's heads that starts a flush of it alone; 0 for none. */
    public long ownBytes(Signal signal) {
      return signal == Signal.LOGS ? logEntries.bytes() : 0;
    }
  }

  /** Parts of a day are merged by size tiers; a settled day ends as one part. */
  public record Compaction(
      @Setting(doc = "How many neighbouring parts of like size are merged.", defaultValue = "4")
          int fanIn,
      @Setting(doc = "Parts are not merged beyond this size.", defaultValue = "16GiB")
          ByteSize maxPartSize,
      @Setting(
              doc = "A day is settled when it is over and nothing was flushed to it for this long.",
              defaultValue = "1h")
          Duration settleAfter,
      @Setting(doc = "How often days are looked at.", defaultValue = "1m") Duration interval,
      @Setting(doc = "Threads for merges and other background work.", defaultValue = "1")
          int threads) {

    public Compaction {
      if (interval.toMillis() < 1) {
        throw new IllegalArgumentException("storage.compaction.interval must be at least 1ms");
      }
      if (threads < 1) {
        throw new IllegalArgumentException("storage.compaction.threads must be at least 1");
      }
    }

    public static Compaction defaults() {
      return new Compaction(
          4, ByteSize.ofMebibytes(16 * 1024), Duration.ofHours(1), Duration.ofMinutes(1), 1);
    }
  }

  /** Whole days go at once. Nothing is dropped by default. */
  public record Retention(
      @Setting(
              doc =
                  "Age after which a day is dropped, and older writes are refused with 4xx. Empty"
                      + " keeps everything.",
              perTenant = true)
          Duration time,
      @Setting(doc = "Total size of all parts beyond which the oldest days go, over all tenants.")
          ByteSize size,
      @Setting(doc = "The time for metrics, when it differs.", perTenant = true) Duration metrics,
      @Setting(doc = "The time for logs, when it differs.", perTenant = true) Duration logs,
      @Setting(doc = "The time for traces, when it differs.", perTenant = true) Duration traces,
      @Setting(doc = "The time for profiles, when it differs.", perTenant = true) Duration profiles,
      @Setting(doc = "The time for flows, when it differs.", perTenant = true) Duration flows,
      @Setting(doc = "The time for events, when it differs.", perTenant = true) Duration events,
      @Setting(
              doc =
                  "Series of metrics or streams of logs that are kept for another time: what is"
                      + " older is hidden at once, and its space is freed once its day is over.",
              perTenant = true)
          List<Rule> rules,
      @Setting(doc = "How often days are looked at.", defaultValue = "5m") Duration interval) {

    public Retention {
      rules = List.copyOf(rules);
      if (interval.toMillis() < 1) {
        throw new IllegalArgumentException("storage.retention.interval must be at least 1ms");
      }
    }

    /** Another time for some series or streams. */
    public record Rule(
        @Setting(doc = "Which series or streams, as in a query: {job=\"debug\"}.") String selector,
        @Setting(doc = "How long their rows are kept.") Duration time,
        @Setting(doc = "Of what: metrics or logs.", defaultValue = "metrics") Signal signal,
        @Setting(
                doc =
                    "Of the rules that fit a series, the one with the greatest priority decides; of"
                        + " equal ones the one with the shortest time.",
                defaultValue = "0")
            int priority) {

      public Rule {
        if (selector.isBlank() || !time.isPositive()) {
          throw new IllegalArgumentException("a rule needs a selector and a time above zero");
        }
        if (signal != Signal.METRICS && signal != Signal.LOGS) {
          throw new IllegalArgumentException(
              "a rule's signal is metrics or logs, not " + signal.key());
        }
      }
    }

    /** How long rows that no rule fits are kept; zero keeps them all. */
    public Duration timeOf(Signal signal) {
      Duration own =
          switch (signal) {
            case METRICS -> metrics;
            case LOGS -> logs;
            case TRACES -> traces;
            case PROFILES -> profiles;
            case FLOWS -> flows;
            case EVENTS -> events;
          };
      return own.isZero() ? time : own;
    }

    /** How long any row is kept; zero keeps them all. */
    public Duration longestTimeOf(Signal signal) {
      Duration longest = timeOf(signal);
      if (!longest.isZero()) {
        for (Rule rule : rules) {
          if (rule.signal() == signal && rule.time().compareTo(longest) > 0) {
            longest = rule.time();
          }
        }
      }
      return longest;
    }

    public static Retention none() {
      return new Retention(
          Duration.ZERO,
          new ByteSize(0),
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          Duration.ZERO,
          List.of(),
          Duration.ofMinutes(5));
    }

    /** The same with one age for all signals. */
    public Retention withTime(Duration age) {
      return new Retention(
          age, size, metrics, logs, traces, profiles, flows, events, rules, interval);
    }

    /** The same with a bound on the size. */
    public Retention withSize(ByteSize bound) {
      return new Retention(
          time, bound, metrics, logs, traces, profiles, flows, events, rules, interval);
    }
  }
}
