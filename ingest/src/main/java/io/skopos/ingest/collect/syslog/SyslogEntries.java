// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.syslog;

import io.skopos.ingest.collect.delivery.CollectMetrics;
import io.skopos.ingest.collect.delivery.Delivery;
import io.skopos.ingest.collect.delivery.EntryBatches;
import io.skopos.ingest.collect.delivery.SourceKind;
import io.skopos.ingest.collect.stage.Entry;
import io.skopos.ingest.collect.stage.StageChain;
import io.skopos.ingest.discovery.LabelNames;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Makes entries of messages: what a message says becomes labels {@code __syslog_*} for relabelling,
 * what still begins with two underscores goes. Used by one thread.
 */
final class SyslogEntries {

  private static final long BATCH_BYTES = 1 << 20;

  private final SyslogListener listener;
  private final SyslogSettings settings;
  private final Delivery delivery;
  private final InstantSource clock;
  private final CollectMetrics metrics;
  private final AtomicLong stored;
  private final EntryBatches batches;
  private final StageChain chain;
  private final ZoneId zone = ZoneId.systemDefault();
  private long lastNs = Long.MIN_VALUE;

  SyslogEntries(SyslogListener listener, EntryBatches batches, AtomicLong stored) {
    this.listener = listener;
    this.settings = listener.settings();
    this.delivery = listener.delivery();
    this.clock = listener.clock();
    this.metrics = listener.metrics();
    this.stored = stored;
    this.batches = batches;
    Labels otherwise = Labels.of("job", listener.job());
    this.chain = listener.stages().open(entry -> batches.add(entry, otherwise), metrics::dropped);
  }

  /**
   * @param connection what is known of the sender, as labels for relabelling
   */
  void message(byte[] bytes, int length, Map<String, String> connection) {
    long nowMs = clock.millis();
    SyslogMessage message;
    try {
      message = SyslogMessage.parse(bytes, length, nowMs, zone, settings.rfc3164());
    } catch (SyslogMessage.Malformed e) {
      metrics.malformed.labelValues(SourceKind.SYSLOG.key()).inc();
      listener.malformed(String.valueOf(e.getMessage()));
      return;
    }
    LabelsBuilder labels = new LabelsBuilder(settings.labels());
    connection.forEach(labels::set);
    labels.set("__syslog_message_severity", message.severityWord());
    labels.set("__syslog_message_facility", message.facilityWord());
    labels.set("__syslog_message_hostname", message.hostname());
    labels.set("__syslog_message_app_name", message.appName());
    labels.set("__syslog_message_proc_id", message.procId());
    labels.set("__syslog_message_msg_id", message.msgId());
    if (settings.structuredData()) {
      message
          .structuredData()
          .forEach((id, parameters) ->
              parameters.forEach(
                  (name, value) -> labels.set("__syslog_message_sd_" + name(id, name), value)));
    }
    if (!listener.relabelling().apply(labels)) {
      return;
    }
    LabelsBuilder kept = new LabelsBuilder();
    for (Label label : labels.build()) {
      if (!label.name().startsWith("__")) {
        kept.set(label.name(), label.value());
      }
    }
    String line =
        settings.wholeMessage()
            ? new String(bytes, 0, length, StandardCharsets.UTF_8)
            : message.text();
    boolean own = settings.incomingTimestamp() && message.timeNs() != SyslogMessage.NO_TIME;
    Entry entry = new Entry(line, own ? message.timeNs() : arrival(nowMs), kept.build(), 0);
    if (settings.structuredMetadata()) {
      message
          .structuredData()
          .forEach((id, parameters) ->
              parameters.forEach((name, value) -> entry.metadata(name(id, name), value)));
    }
    chain.process(entry);
  }

  private static String name(String id, String parameter) {
    return LabelNames.sanitize(id) + "_" + LabelNames.sanitize(parameter);
  }

  /** Equal messages of one moment stay two. */
  private long arrival(long nowMs) {
    lastNs = Math.max(lastNs + 1, nowMs * 1_000_000L);
    return lastNs;
  }

  /**
   * Stores what there is, once it is much or nothing follows at once; returns when it is stored.
   */
  void storeIfDue(boolean more) throws InterruptedException {
    chain.tick(System.nanoTime());
    if (!more || batches.bytes() > BATCH_BYTES) {
      store();
    }
  }

  private void store() throws InterruptedException {
    int rows = batches.rows();
    if (rows > 0) {
      delivery.deliver(batches.take());
      stored.addAndGet(rows);
    }
    long restNs = chain.restNs();
    if (restNs > 0) {
      TimeUnit.NANOSECONDS.sleep(restNs);
    }
  }

  /** Nothing more comes. */
  void finish() throws InterruptedException {
    chain.finish();
    store();
  }
}
