// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.tail;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import io.skopos.ingest.json.JsonValue;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a file was read, and all that reading on needs to give what follows the same times again.
 *
 * @param path where it was last
 * @param label the path that its entries are labelled with
 * @param offset all before it is stored
 * @param head hash of the first {@code headLength} bytes
 * @param tail hash of the last {@code tailLength} bytes before the offset
 * @param lastTimeNs the last time that a line before the offset told; {@code Long.MIN_VALUE} when
 *     none did
 * @param skipping whether the offset lies within a line whose rest is left out
 * @param done whether it was read to the end and will not grow
 * @param seenMs when it was last there
 * @param readings times of reading, for lines that tell none
 */
record FilePosition(
    String path,
    String label,
    long offset,
    int headLength,
    long head,
    int tailLength,
    long tail,
    long lastTimeNs,
    boolean skipping,
    boolean done,
    long seenMs,
    List<Reading> readings) {

  private static final JsonFactory JSON = new JsonFactory();

  /**
   * Lines that begin from {@code from} to {@code to} (not included) and tell no time have this one,
   * and a nanosecond more for each byte behind {@code from}.
   */
  record Reading(long from, long to, long timeNs) {

    boolean covers(long offset) {
      return offset >= from && offset < to;
    }
  }

  FilePosition {
    readings = List.copyOf(readings);
  }

  static FilePosition start(Path path, String label, long nowMs) {
    return new FilePosition(
        path.toString(), label, 0, 0, 0, 0, 0, Long.MIN_VALUE, false, false, nowMs, List.of());
  }

  FilePosition with(List<Reading> newReadings) {
    return new FilePosition(
        path,
        label,
        offset,
        headLength,
        head,
        tailLength,
        tail,
        lastTimeNs,
        skipping,
        done,
        seenMs,
        newReadings);
  }

  /** With the beginning as it is known by now, which may lie behind the offset. */
  FilePosition beginning(int newHeadLength, long newHead) {
    return newHeadLength <= headLength
        ? this
        : new FilePosition(
            path,
            label,
            offset,
            newHeadLength,
            newHead,
            tailLength,
            tailLength == 0 ? Fingerprints.of(new byte[0], 0, 0) : tail,
            lastTimeNs,
            skipping,
            done,
            seenMs,
            readings);
  }

  FilePosition at(Path newPath, long nowMs, boolean nowDone) {
    return new FilePosition(
        newPath.toString(),
        label,
        offset,
        headLength,
        head,
        tailLength,
        tail,
        lastTimeNs,
        skipping,
        nowDone,
        nowMs,
        readings);
  }

  JsonValue json() {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = JSON.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("path", path);
      json.writeStringField("label", label);
      json.writeNumberField("offset", offset);
      json.writeNumberField("headLength", headLength);
      json.writeNumberField("head", head);
      json.writeNumberField("tailLength", tailLength);
      json.writeNumberField("tail", tail);
      if (lastTimeNs != Long.MIN_VALUE) {
        json.writeNumberField("lastTimeNs", lastTimeNs);
      }
      json.writeBooleanField("skipping", skipping);
      json.writeBooleanField("done", done);
      json.writeNumberField("seenMs", seenMs);
      json.writeArrayFieldStart("readings");
      for (Reading reading : readings) {
        json.writeStartObject();
        json.writeNumberField("from", reading.from);
        json.writeNumberField("to", reading.to);
        json.writeNumberField("timeNs", reading.timeNs);
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    try {
      return JsonValue.parse(text.toString());
    } catch (JsonValue.Malformed e) {
      throw new IllegalStateException(e);
    }
  }

  static FilePosition parse(JsonValue json) {
    List<Reading> readings = new ArrayList<>();
    for (JsonValue reading : json.get("readings").list()) {
      readings.add(
          new Reading(
              reading.get("from").number(0),
              reading.get("to").number(0),
              reading.get("timeNs").number(0)));
    }
    return new FilePosition(
        json.get("path").text(),
        json.get("label").text(),
        json.get("offset").number(0),
        (int) json.get("headLength").number(0),
        json.get("head").number(0),
        (int) json.get("tailLength").number(0),
        json.get("tail").number(0),
        json.get("lastTimeNs").number(Long.MIN_VALUE),
        json.get("skipping").isTrue(),
        json.get("done").isTrue(),
        json.get("seenMs").number(0),
        readings);
  }
}
