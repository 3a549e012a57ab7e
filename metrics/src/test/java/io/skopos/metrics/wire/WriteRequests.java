// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import java.nio.charset.StandardCharsets;

/**
 * Remote write 1.0 messages by Google's own protobuf runtime, described as the specification does,
 * but for strings, which are bytes here so that bad UTF-8 can be written and read.
 */
public final class WriteRequests {

  public static final Descriptor REQUEST;

  static {
    try {
      FileDescriptor file =
          FileDescriptor.buildFrom(
              FileDescriptorProto.newBuilder()
                  .setName("write.proto")
                  .setSyntax("proto3")
                  .addMessageType(
                      message(
                          "Request",
                          many(1, "timeseries", ".Series"),
                          many(3, "metadata", ".Metadata")))
                  .addMessageType(
                      message(
                          "Series",
                          many(1, "labels", ".Label"),
                          many(2, "samples", ".Sample"),
                          many(3, "exemplars", ".Exemplar"),
                          many(4, "histograms", ".Histogram")))
                  .addMessageType(
                      message(
                          "Label",
                          one(1, "name", Type.TYPE_BYTES),
                          one(2, "value", Type.TYPE_BYTES)))
                  .addMessageType(
                      message(
                          "Sample",
                          one(1, "value", Type.TYPE_DOUBLE),
                          one(2, "timestamp", Type.TYPE_INT64)))
                  .addMessageType(
                      message(
                          "Exemplar",
                          many(1, "labels", ".Label"),
                          one(2, "value", Type.TYPE_DOUBLE),
                          one(3, "timestamp", Type.TYPE_INT64)))
                  .addMessageType(
                      message(
                          "Histogram",
                          one(1, "count_int", Type.TYPE_UINT64),
                          one(3, "sum", Type.TYPE_DOUBLE),
                          one(15, "timestamp", Type.TYPE_INT64)))
                  .addMessageType(
                      message(
                          "Metadata",
                          one(1, "type", Type.TYPE_INT32),
                          one(2, "metric_family_name", Type.TYPE_BYTES),
                          one(4, "help", Type.TYPE_BYTES),
                          one(5, "unit", Type.TYPE_BYTES)))
                  .build(),
              new FileDescriptor[0]);
      REQUEST = file.findMessageTypeByName("Request");
    } catch (DescriptorValidationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final DynamicMessage.Builder request = DynamicMessage.newBuilder(REQUEST);
  private DynamicMessage.@org.jspecify.annotations.Nullable Builder series;

  public WriteRequests series(String... namesAndValues) {
    finishSeries();
    series = DynamicMessage.newBuilder(type(REQUEST, "timeseries"));
    for (int i = 0; i < namesAndValues.length; i += 2) {
      label(
          ByteString.copyFromUtf8(namesAndValues[i]),
          ByteString.copyFromUtf8(namesAndValues[i + 1]));
    }
    return this;
  }

  public WriteRequests label(ByteString name, ByteString value) {
    DynamicMessage.Builder label =
        DynamicMessage.newBuilder(type(current().getDescriptorForType(), "labels"));
    set(label, "name", name);
    set(label, "value", value);
    add(current(), "labels", label);
    return this;
  }

  public WriteRequests sample(long timeMs, double value) {
    return point("samples", timeMs, "value", value);
  }

  public WriteRequests exemplar(long timeMs, double value) {
    return point("exemplars", timeMs, "value", value);
  }

  public WriteRequests histogram(long timeMs, double sum) {
    return point("histograms", timeMs, "sum", sum);
  }

  private WriteRequests point(String field, long timeMs, String valueField, double value) {
    DynamicMessage.Builder point =
        DynamicMessage.newBuilder(type(current().getDescriptorForType(), field));
    set(point, valueField, value);
    set(point, "timestamp", timeMs);
    add(current(), field, point);
    return this;
  }

  public WriteRequests metadata(int type, String name, String help, String unit) {
    DynamicMessage.Builder metadata = DynamicMessage.newBuilder(type(REQUEST, "metadata"));
    set(metadata, "type", type);
    set(metadata, "metric_family_name", ByteString.copyFromUtf8(name));
    set(metadata, "help", ByteString.copyFromUtf8(help));
    set(metadata, "unit", ByteString.copyFromUtf8(unit));
    add(request, "metadata", metadata);
    return this;
  }

  public byte[] bytes() {
    finishSeries();
    return request.build().toByteArray();
  }

  private DynamicMessage.Builder current() {
    DynamicMessage.Builder begun = series;
    if (begun == null) {
      throw new IllegalStateException("no series begun");
    }
    return begun;
  }

  private void finishSeries() {
    if (series != null) {
      add(request, "timeseries", series);
      series = null;
    }
  }

  static String text(Object bytes) {
    return new String(((ByteString) bytes).toByteArray(), StandardCharsets.UTF_8);
  }

  private static Descriptor type(Descriptor owner, String field) {
    return owner.findFieldByName(field).getMessageType();
  }

  private static void set(DynamicMessage.Builder message, String field, Object value) {
    message.setField(message.getDescriptorForType().findFieldByName(field), value);
  }

  private static void add(
      DynamicMessage.Builder message, String field, DynamicMessage.Builder value) {
    message.addRepeatedField(message.getDescriptorForType().findFieldByName(field), value.build());
  }

  private static DescriptorProto message(String name, FieldDescriptorProto.Builder... fields) {
    DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(name);
    for (FieldDescriptorProto.Builder field : fields) {
      message.addField(field);
    }
    return message.build();
  }

  private static FieldDescriptorProto.Builder one(int number, String name, Type type) {
    return FieldDescriptorProto.newBuilder()
        .setNumber(number)
        .setName(name)
        .setLabel(Label.LABEL_OPTIONAL)
        .setType(type);
  }

  private static FieldDescriptorProto.Builder many(int number, String name, String type) {
    return FieldDescriptorProto.newBuilder()
        .setNumber(number)
        .setName(name)
        .setLabel(Label.LABEL_REPEATED)
        .setType(Type.TYPE_MESSAGE)
        .setTypeName(type);
  }
}
