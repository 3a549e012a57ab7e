// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import com.google.protobuf.ByteString;
import com.google.protobuf.DescriptorProtos.DescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Label;
import com.google.protobuf.DescriptorProtos.FieldDescriptorProto.Type;
import com.google.protobuf.DescriptorProtos.FieldOptions;
import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FieldDescriptor;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import java.util.List;
import java.util.Locale;

/**
 * Messages by Google's own protobuf runtime, so that our readers and writers are held against
 * another's. The schema is written one message a line: {@code Name: type field number, …} with
 * {@code *} behind the type for repeated and {@code *packed}; strings are declared as bytes where
 * bad UTF-8 is to be written.
 */
public final class ProtoSchema {

  private final FileDescriptor file;

  public ProtoSchema(String text) {
    FileDescriptorProto.Builder proto =
        FileDescriptorProto.newBuilder().setName("schema.proto").setSyntax("proto2");
    for (String line : text.strip().split("\n")) {
      String[] parts = line.strip().split(":", 2);
      DescriptorProto.Builder message = DescriptorProto.newBuilder().setName(parts[0]);
      for (String declaration : parts[1].strip().split(",")) {
        message.addField(field(declaration.strip().split("\\s+")));
      }
      proto.addMessageType(message);
    }
    try {
      file = FileDescriptor.buildFrom(proto.build(), new FileDescriptor[0]);
    } catch (DescriptorValidationException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  private static FieldDescriptorProto.Builder field(String[] words) {
    String type = words[0];
    FieldDescriptorProto.Builder field =
        FieldDescriptorProto.newBuilder()
            .setName(words[1])
            .setNumber(Integer.parseInt(words[2]))
            .setLabel(type.contains("*") ? Label.LABEL_REPEATED : Label.LABEL_OPTIONAL);
    if (type.endsWith("*packed")) {
      field.setOptions(FieldOptions.newBuilder().setPacked(true));
    }
    String name = type.replaceAll("\\*.*", "");
    return Character.isUpperCase(name.charAt(0))
        ? field.setType(Type.TYPE_MESSAGE).setTypeName("." + name)
        : field.setType(Type.valueOf("TYPE_" + name.toUpperCase(Locale.ROOT)));
  }

  public Message message(String name) {
    return new Message(DynamicMessage.newBuilder(file.findMessageTypeByName(name)));
  }

  public DynamicMessage parse(String name, byte[] bytes) throws InvalidProtocolBufferException {
    return DynamicMessage.parseFrom(file.findMessageTypeByName(name), bytes);
  }

  /** The value of a field; of a repeated one the list. */
  public static Object get(DynamicMessage message, String field) {
    return message.getField(message.getDescriptorForType().findFieldByName(field));
  }

  @SuppressWarnings("unchecked")
  public static List<DynamicMessage> all(DynamicMessage message, String field) {
    return (List<DynamicMessage>) get(message, field);
  }

  /** A message under construction. */
  public static final class Message {

    private final DynamicMessage.Builder builder;

    private Message(DynamicMessage.Builder builder) {
      this.builder = builder;
    }

    /** Sets a field, or adds all values to a repeated one. */
    public Message with(String name, Object... values) {
      Descriptor type = builder.getDescriptorForType();
      FieldDescriptor field = type.findFieldByName(name);
      for (Object value : values) {
        Object converted = converted(field, value);
        if (field.isRepeated()) {
          builder.addRepeatedField(field, converted);
        } else {
          builder.setField(field, converted);
        }
      }
      return this;
    }

    private static Object converted(FieldDescriptor field, Object value) {
      return switch (value) {
        case Message message -> message.builder.build();
        case Number number ->
            switch (field.getJavaType()) {
              case INT -> number.intValue();
              case LONG -> number.longValue();
              case DOUBLE -> number.doubleValue();
              default -> throw new IllegalArgumentException(field + " = " + value);
            };
        case String text ->
            field.getJavaType() == FieldDescriptor.JavaType.BYTE_STRING
                ? ByteString.copyFromUtf8(text)
                : text;
        default -> value;
      };
    }

    public byte[] bytes() {
      return builder.build().toByteArray();
    }
  }
}
