// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.wire;

import io.skopos.logs.store.LogBatch;
import io.skopos.model.Labels;
import io.skopos.web.receive.Rejection;
import io.skopos.web.wire.MalformedMessage;
import io.skopos.web.wire.ProtobufReader;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Reads a {@code logproto.PushRequest} into a batch: lines are copied once, nothing is allocated
 * per entry whose metadata was seen before. A stream with bad labels is left out and reported, the
 * others are kept. Bytes of lines stay as they are, whatever they hold. Not thread-safe; reuse it.
 */
public final class PushDecoder {

  private static final int STREAMS = 1 << 3 | ProtobufReader.LENGTH;
  private static final int LABELS = 1 << 3 | ProtobufReader.LENGTH;
  private static final int ENTRIES = 2 << 3 | ProtobufReader.LENGTH;
  private static final int TIMESTAMP = 1 << 3 | ProtobufReader.LENGTH;
  private static final int LINE = 2 << 3 | ProtobufReader.LENGTH;
  private static final int METADATA = 3 << 3 | ProtobufReader.LENGTH;
  private static final int SECONDS = 1 << 3 | ProtobufReader.VARINT;
  private static final int NANOS = 2 << 3 | ProtobufReader.VARINT;
  private static final int NAME = 1 << 3 | ProtobufReader.LENGTH;
  private static final int VALUE = 2 << 3 | ProtobufReader.LENGTH;

  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long MAX_SECONDS = Long.MAX_VALUE / NANOS_PER_SECOND - 1;

  /** Sets of metadata remembered by each decoder. */
  private static final int REMEMBERED = 2048;

  private final Streams streams;
  private final ProtobufReader in = new ProtobufReader("push request");
  private final MetadataBuffer metadata = new MetadataBuffer();
  private final KnownLabels<Metadata> knownMetadata = new KnownLabels<>(REMEMBERED);

  /** What metadata was read as, with the level it tells of and without a level of the line. */
  private record Metadata(
      Labels sent, boolean tellsLevel, @Nullable String streamLevel, Discovery discovery) {}

  private final KnownLabels<Labels> withLevel = new KnownLabels<>(REMEMBERED);

  public PushDecoder(Streams streams) {
    this.streams = streams;
  }

  /**
   * Reads the first {@code length} bytes of {@code message}.
   *
   * @param into gets what is good; after an exception it must not be used
   */
  public PushReport decode(byte[] message, int length, Discovery discovery, LogBatch into)
      throws MalformedMessage {
    in.reset(message, 0);
    into.expect(length);
    PushReport report = new PushReport();
    while (in.at < length) {
      int tag = in.tag(length, "PushRequest");
      if (tag == STREAMS) {
        int end = in.enter(length, "a stream");
        stream(end, discovery, into, report);
        in.at = end;
      } else {
        in.skip(tag, length, "PushRequest");
      }
    }
    return report;
  }

  private void stream(int end, Discovery discovery, LogBatch into, PushReport report)
      throws MalformedMessage {
    report.stream();
    int from = in.at;
    int labelsFrom = end;
    int labelsTo = end;
    long entries = 0;
    // The labels stand first, as everybody writes them; but they need not.
    while (in.at < end) {
      int tag = in.tag(end, "a stream");
      if (tag == LABELS) {
        labelsTo = in.enter(end, "a stream's labels");
        labelsFrom = in.at;
        in.at = labelsTo;
        if (entries == 0) {
          break;
        }
      } else {
        entries += tag == ENTRIES ? 1 : 0;
        in.skip(tag, end, "a stream");
      }
    }
    if (entries > 0 || labelsFrom == end) {
      in.at = from;
    }
    Streams.Stream stream = streams.of(in.bytes, labelsFrom, labelsTo, discovery);
    int number = stream.problem() == null ? into.stream(stream.labels()) : -1;
    int before = into.rows();
    long bad = 0;
    while (in.at < end) {
      int tag = in.tag(end, "a stream");
      if (tag == ENTRIES) {
        int entryEnd = in.enter(end, "an entry");
        if (number >= 0) {
          entry(entryEnd, stream, number, discovery, into, report);
        } else {
          bad++;
        }
        in.at = entryEnd;
      } else {
        in.skip(tag, end, "a stream");
      }
    }
    report.accepted(into.rows() - before);
    String problem = stream.problem();
    if (problem != null) {
      report.rejected(Rejection.LABELS, "labels", Math.max(1, bad), problem);
    }
  }

  private void entry(
      int end,
      Streams.Stream stream,
      int number,
      Discovery discovery,
      LogBatch into,
      PushReport report)
      throws MalformedMessage {
    long seconds = 0;
    long nanos = 0;
    int lineFrom = end;
    int lineTo = end;
    int metadataFrom = -1;
    int metadataTo = -1;
    while (in.at < end) {
      int from = in.at;
      int tag = in.tag(end, "an entry");
      switch (tag) {
        case TIMESTAMP -> {
          int to = in.enter(end, "a timestamp");
          while (in.at < to) {
            int field = in.tag(to, "a timestamp");
            switch (field) {
              case SECONDS -> seconds = in.varint(to, "a timestamp's seconds");
              case NANOS -> nanos = in.varint(to, "a timestamp's nanos");
              default -> in.skip(field, to, "a timestamp");
            }
          }
        }
        case LINE -> {
          lineTo = in.enter(end, "a line");
          lineFrom = in.at;
          in.at = lineTo;
        }
        case METADATA -> {
          in.at = in.enter(end, "structured metadata");
          metadataFrom = metadataFrom < 0 ? from : metadataFrom;
          metadataTo = in.at;
        }
        default -> in.skip(tag, end, "an entry");
      }
    }
    if (seconds > MAX_SECONDS || seconds < -MAX_SECONDS || nanos < 0 || nanos >= NANOS_PER_SECOND) {
      report.rejected(
          Rejection.TIME,
          "time",
          1,
          "entry for stream '"
              + stream.labels()
              + "' has a timestamp that nanoseconds since 1970 cannot express: "
              + seconds
              + " s "
              + nanos
              + " ns");
      return;
    }
    into.entry(number, seconds * NANOS_PER_SECOND + nanos, in.bytes, lineFrom, lineTo - lineFrom);
    if (metadataFrom < 0) {
      if (discovery.levels()) {
        into.metadata(
            stream.level() == null
                ? MetadataBuffer.levelOnly(discovery.levelOfLine(in.bytes, lineFrom, lineTo))
                : sent(end, end, stream, discovery).sent());
      }
      return;
    }
    boolean before = knownMetadata.cameBefore(in.bytes, metadataFrom, metadataTo);
    if (before) {
      Metadata sent = sent(metadataFrom, metadataTo, stream, discovery);
      into.metadata(
          !discovery.levels() || sent.tellsLevel()
              ? sent.sent()
              : withLevel(sent.sent(), discovery.levelOfLine(in.bytes, lineFrom, lineTo)));
      return;
    }
    pairs(metadataFrom, metadataTo);
    if (discovery.levels()) {
      String told = metadata.told(stream.level(), discovery);
      metadata.level(
          told == null ? discovery.levelOfLine(in.bytes, lineFrom, lineTo).word() : told);
    }
    Labels labels = metadata.build();
    into.metadata(labels == null ? Labels.EMPTY : labels);
  }

  /** The metadata between the two places, and its level or that of the stream, when one is told. */
  @SuppressWarnings("ReferenceEquality") // one per configuration
  private Metadata sent(int from, int to, Streams.Stream stream, Discovery discovery)
      throws MalformedMessage {
    String streamLevel = stream.level();
    Metadata known = knownMetadata.get(in.bytes, from, to, 0);
    if (known != null
        && known.discovery == discovery
        && Objects.equals(known.streamLevel, streamLevel)) {
      return known;
    }
    pairs(from, to);
    String told = discovery.levels() ? metadata.told(streamLevel, discovery) : null;
    if (told != null) {
      metadata.level(told);
    }
    Labels labels = metadata.build();
    Metadata read =
        new Metadata(labels == null ? Labels.EMPTY : labels, told != null, streamLevel, discovery);
    knownMetadata.put(in.bytes, from, to, 0, read);
    return read;
  }

  private void pairs(int from, int to) throws MalformedMessage {
    metadata.clear();
    in.at = from;
    while (in.at < to) {
      int tag = in.tag(to, "an entry");
      if (tag == METADATA) {
        pair(in.enter(to, "structured metadata"));
      } else {
        in.skip(tag, to, "an entry");
      }
    }
  }

  private void pair(int end) throws MalformedMessage {
    int nameFrom = end;
    int nameTo = end;
    int valueFrom = end;
    int valueTo = end;
    while (in.at < end) {
      int tag = in.tag(end, "structured metadata");
      switch (tag) {
        case NAME -> {
          nameTo = in.enter(end, "a name");
          nameFrom = in.at;
          in.at = nameTo;
        }
        case VALUE -> {
          valueTo = in.enter(end, "a value");
          valueFrom = in.at;
          in.at = valueTo;
        }
        default -> in.skip(tag, end, "structured metadata");
      }
    }
    if (nameFrom < nameTo) {
      metadata.add(in.bytes, nameFrom, nameTo, valueFrom, valueTo);
    }
  }

  private Labels withLevel(Labels sent, Level level) {
    byte[] bytes = sent.canonicalBytes();
    Labels known = withLevel.get(bytes, 0, bytes.length, level.ordinal());
    if (known == null) {
      known = Levels.with(sent, level.word());
      withLevel.put(bytes, 0, bytes.length, level.ordinal(), known);
    }
    return known;
  }
}
