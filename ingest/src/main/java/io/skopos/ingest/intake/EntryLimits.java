// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.intake;

import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.wire.Discovery;
import io.skopos.model.Fingerprint;
import io.skopos.model.Labels;
import io.skopos.model.TenantId;
import io.skopos.storage.WriteRefused;
import java.time.Duration;
import java.util.BitSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Holds log entries of one write against the limits of their tenant, in the words that Loki's
 * clients know. Not thread-safe.
 */
final class EntryLimits {

  private static final String LABELS = "logs.labels_per_stream";
  private static final String NAME = "logs.label_name_bytes";
  private static final String VALUE = "logs.label_value_bytes";
  private static final String LINE = "logs.max_line";
  private static final String METADATA = "logs.max_metadata";
  private static final String METADATA_ENTRIES = "logs.metadata_entries";
  private static final String AGE = "logs.max_age";
  private static final String RETENTION = "storage.retention";
  private static final String FUTURE = "intake.future_tolerance";
  private static final String STREAMS = "logs.streams";
  private static final int LEAST_LABEL_BYTES = 4;

  /** Keyed, so that no sender can make streams that pass for each other. */
  private static final Fingerprint STREAM_HASH = Fingerprint.random();

  private final TenantId tenant;
  private final TenantUsage usage;
  private final LogsConfig limits;
  private final long oldestNs;
  private final long newestNs;
  private final String oldestKey;
  private final long nowMs;
  private final IntakeMetrics metrics;
  private final long maxLine;
  private final long maxMetadata;
  private final int metadataEntries;
  private long cut;

  /**
   * @param oldestMs the earliest time that the retention keeps
   * @param newestMs the latest time that entries may have
   */
  EntryLimits(
      TenantId tenant,
      TenantUsage usage,
      long oldestMs,
      long newestMs,
      long nowMs,
      IntakeMetrics metrics) {
    this.tenant = tenant;
    this.usage = usage;
    this.limits = usage.logs;
    this.nowMs = nowMs;
    this.metrics = metrics;
    long acceptableMs =
        limits.maxAge().isPositive() ? nowMs - limits.maxAge().toMillis() : Long.MIN_VALUE;
    this.oldestKey = acceptableMs > oldestMs ? AGE : RETENTION;
    this.oldestNs = nanos(Math.max(acceptableMs, oldestMs));
    this.newestNs = nanos(newestMs);
    this.maxLine = orUnlimited(limits.maxLine().bytes());
    this.maxMetadata = orUnlimited(limits.maxMetadata().bytes());
    this.metadataEntries = (int) orUnlimited(limits.metadataEntries());
  }

  private static long orUnlimited(long limit) {
    return limit == 0 ? Integer.MAX_VALUE : limit;
  }

  private static long nanos(long ms) {
    return ms <= Long.MIN_VALUE / 1_000_000
        ? Long.MIN_VALUE
        : ms >= Long.MAX_VALUE / 1_000_000 ? Long.MAX_VALUE : ms * 1_000_000;
  }

  /**
   * Leaves out what goes over a limit of single entries and streams, then takes the rest's bytes.
   *
   * @throws WriteRefused when the whole write is refused
   */
  void check(LogBatch batch, Refusals refusals) {
    BitSet bad = labels(batch);
    boolean over = false;
    for (int row = 0; row < batch.rows() && !over; row++) {
      over =
          bad.get(batch.streamOf(row))
              || batch.timeNs(row) < oldestNs
              || batch.timeNs(row) > newestNs
              || batch.lineLength(row) > maxLine
              || metadataIsOver(batch.metadata(row));
    }
    if (over) {
      batch.retain((row, length) -> kept(batch, row, length, bad, refusals));
      if (cut > 0) {
        metrics.cutLines(tenant, cut);
      }
    }
    admitStreams(batch, refusals);
    takeBytes(batch);
  }

  /** Streams whose labels go over a limit. */
  private BitSet labels(LogBatch batch) {
    BitSet bad = new BitSet();
    for (int stream = 0; stream < batch.streams(); stream++) {
      if (excess(batch.streamLabels(stream)) != null) {
        bad.set(stream);
      }
    }
    return bad;
  }

  private LabelLimits.@Nullable Excess excess(Labels labels) {
    byte[] bytes = labels.canonicalBytes();
    LabelLimits.Excess excess = usage.streamLabels.check(bytes, 0, bytes.length);
    // The name that was found out costs the sender none of its own.
    return excess != null
            && excess.kind() == LabelLimits.Kind.LABELS
            && excess.found() == excess.limit() + 1
            && labels.has(Discovery.SERVICE_NAME)
        ? null
        : excess;
  }

  private boolean metadataIsOver(Labels metadata) {
    int bytes = metadata.canonicalBytes().length;
    return bytes > maxMetadata
        || bytes / LEAST_LABEL_BYTES > metadataEntries && metadata.size() > metadataEntries;
  }

  private int kept(LogBatch batch, int row, int length, BitSet bad, Refusals refusals) {
    Labels stream = batch.streamLabels(batch.streamOf(row));
    long timeNs = batch.timeNs(row);
    if (bad.get(batch.streamOf(row))) {
      refuseLabels(stream, refusals);
      return -1;
    }
    if (timeNs < oldestNs) {
      refuse(
          oldestKey,
          refusals,
          () ->
              "entry for stream '"
                  + shown(stream)
                  + "' has timestamp too old: "
                  + time(timeNs)
                  + ", oldest acceptable timestamp is: "
                  + time(oldestNs));
      return -1;
    }
    if (timeNs > newestNs) {
      refuse(
          FUTURE,
          refusals,
          () -> "entry for stream '" + shown(stream) + "' has timestamp too new: " + time(timeNs));
      return -1;
    }
    Labels metadata = batch.metadata(row);
    if (metadataIsOver(metadata)) {
      refuseMetadata(stream, metadata, refusals);
      return -1;
    }
    if (length <= maxLine) {
      return length;
    }
    if (limits.truncateLines()) {
      cut++;
      return (int) maxLine;
    }
    refuse(
        LINE,
        refusals,
        () ->
            "Max entry size '"
                + maxLine
                + "' bytes exceeded for stream '"
                + shown(stream)
                + "' while adding an entry with length '"
                + length
                + "' bytes");
    return -1;
  }

  private void refuseLabels(Labels stream, Refusals refusals) {
    LabelLimits.Excess excess = excess(stream);
    if (excess == null) {
      return;
    }
    switch (excess.kind()) {
      case LABELS ->
          refuse(
              LABELS,
              refusals,
              () ->
                  "entry for stream '"
                      + shown(stream)
                      + "' has "
                      + excess.found()
                      + " label names; limit "
                      + excess.limit());
      case NAME_BYTES ->
          refuse(
              NAME,
              refusals,
              () ->
                  "stream '"
                      + shown(stream)
                      + "' has label name too long: '"
                      + Refusals.shown(excess.label())
                      + "'");
      case VALUE_BYTES ->
          refuse(
              VALUE,
              refusals,
              () ->
                  "stream '"
                      + shown(stream)
                      + "' has label value too long: '"
                      + Refusals.shown(stream.getOrEmpty(excess.label()))
                      + "'");
    }
  }

  private void refuseMetadata(Labels stream, Labels metadata, Refusals refusals) {
    int bytes = metadata.canonicalBytes().length;
    if (bytes > maxMetadata) {
      refuse(
          METADATA,
          refusals,
          () ->
              "stream '"
                  + shown(stream)
                  + "' has structured metadata too large: '"
                  + bytes
                  + "' bytes, limit: '"
                  + maxMetadata
                  + "' bytes");
    } else {
      refuse(
          METADATA_ENTRIES,
          refusals,
          () ->
              "stream '"
                  + shown(stream)
                  + "' has too many structured metadata labels: '"
                  + metadata.size()
                  + "', limit: '"
                  + metadataEntries
                  + "'");
    }
  }

  private static void refuse(String key, Refusals refusals, Supplier<String> why) {
    refusals.add(key, 1, refusals.knows(key) ? "" : why.get());
  }

  private void admitStreams(LogBatch batch, Refusals refusals) {
    ActiveSeries active = usage.streams;
    if (active == null || batch.rows() == 0) {
      return;
    }
    // Streams that have lost all their entries are not brought by this write.
    BitSet empty = new BitSet();
    empty.set(0, batch.streams());
    for (int row = 0; row < batch.rows(); row++) {
      empty.clear(batch.streamOf(row));
    }
    BitSet unknown = (BitSet) empty.clone();
    active.admit(
        batch.streams(),
        stream -> hash(batch.streamLabels(stream).canonicalBytes()),
        unknown,
        limits.streams(),
        nowMs);
    unknown.andNot(empty);
    if (unknown.isEmpty()) {
      return;
    }
    refusals.tryAgain();
    batch.retain((row, length) -> {
      if (!unknown.get(batch.streamOf(row))) {
        return length;
      }
      refuse(
          STREAMS,
          refusals,
          () ->
              "Maximum active stream limit exceeded when trying to create stream "
                  + shown(batch.streamLabels(batch.streamOf(row)))
                  + ", reduce the number of active streams (reduce labels or reduce label values),"
                  + " user: '"
                  + tenant
                  + "' (limit: "
                  + limits.streams()
                  + ")");
      return -1;
    });
  }

  private static long hash(byte[] bytes) {
    return STREAM_HASH.hash64(bytes, 0, bytes.length);
  }

  private void takeBytes(LogBatch batch) {
    if (batch.rows() == 0) {
      return;
    }
    long bytes = batch.bytes();
    TokenBucket rate = usage.logBytes;
    if (rate != null) {
      Duration wait = rate.take(bytes, nowMs * 1_000_000);
      if (!wait.isZero()) {
        metrics.refused(tenant, "bytes_per_second");
        throw new WriteRefused(
            429,
            "Ingestion rate limit exceeded for user "
                + tenant
                + " (limit: "
                + limits.bytesPerSecond().bytes()
                + " bytes/sec) while attempting to ingest '"
                + batch.rows()
                + "' lines totaling '"
                + bytes
                + "' bytes, reduce log volume or raise logs.bytes_per_second (for this tenant"
                + " alone: overrides."
                + tenant
                + ".logs.bytes_per_second); nothing of the write was kept, send it again later",
            wait);
      }
    }
    metrics.logBytes(tenant, bytes);
  }

  private static String shown(Labels stream) {
    return Refusals.shown(stream.toString());
  }

  private static String time(long timeNs) {
    return Refusals.time(Math.floorDiv(timeNs, 1_000_000L));
  }
}
