// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.push;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.metrics.exposition.ExpositionFormat;
import io.skopos.model.Label;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** A group as the content of a document: JSON, bodies in base64. */
final class PushGroupCodec {

  private static final JsonFactory JSON = new JsonFactory();

  private PushGroupCodec() {}

  static byte[] encode(PushGroup group) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.writeStartObject();
      json.writeObjectFieldStart("labels");
      for (Label label : group.labels()) {
        json.writeStringField(label.name(), label.value());
      }
      json.writeEndObject();
      json.writeNumberField("failed", group.failedMs());
      json.writeArrayFieldStart("pushes");
      for (PushGroup.Push push : group.pushes()) {
        json.writeStartObject();
        json.writeNumberField("time", push.timeMs());
        json.writeStringField("format", push.format().name());
        json.writeArrayFieldStart("families");
        for (String family : push.families()) {
          json.writeString(family);
        }
        json.writeEndArray();
        json.writeBinaryField("body", push.body());
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory", e);
    }
    return out.toByteArray();
  }

  /**
   * @throws IllegalArgumentException when a body in it cannot be read any more
   */
  static PushGroup decode(byte[] content) throws IOException {
    LabelsBuilder labels = new LabelsBuilder();
    List<PushGroup.Push> pushes = new ArrayList<>();
    long failed = 0;
    try (JsonParser in = JSON.createParser(content)) {
      in.nextToken();
      while (in.nextToken() != JsonToken.END_OBJECT) {
        String name = in.currentName();
        in.nextToken();
        switch (name) {
          case "labels" -> {
            while (in.nextToken() != JsonToken.END_OBJECT) {
              String label = in.currentName();
              labels.set(label, in.nextTextValue());
            }
          }
          case "failed" -> failed = in.getLongValue();
          case "pushes" -> {
            while (in.nextToken() != JsonToken.END_ARRAY) {
              pushes.add(push(in));
            }
          }
          default -> in.skipChildren();
        }
      }
    }
    Labels key = labels.build();
    return PushGroup.restored(key, List.copyOf(pushes), failed);
  }

  private static PushGroup.Push push(JsonParser in) throws IOException {
    long time = 0;
    ExpositionFormat format = ExpositionFormat.TEXT;
    Set<String> families = new TreeSet<>();
    byte[] body = {};
    while (in.nextToken() != JsonToken.END_OBJECT) {
      String name = in.currentName();
      in.nextToken();
      switch (name) {
        case "time" -> time = in.getLongValue();
        case "format" -> format = ExpositionFormat.valueOf(in.getText());
        case "families" -> {
          while (in.nextToken() != JsonToken.END_ARRAY) {
            families.add(in.getText());
          }
        }
        case "body" -> body = in.getBinaryValue();
        default -> in.skipChildren();
      }
    }
    return new PushGroup.Push(time, format, body, families);
  }
}
