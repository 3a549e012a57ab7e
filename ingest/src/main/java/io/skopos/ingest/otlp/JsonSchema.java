// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The messages of OTLP requests as JSON names them, with their places in protobuf. */
final class JsonSchema {

  /** How a value stands in JSON and in protobuf. */
  enum Type {
    STRING,
    BASE64,
    HEX,
    BOOL,
    /** Whole number as a varint, also enum values. */
    VARINT,
    ZIG_ZAG,
    FIXED64,
    FIXED32,
    DOUBLE,
    MESSAGE
  }

  record Field(int number, Type type, @Nullable JsonSchema message) {}

  private final Map<String, Field> fields = new HashMap<>();

  static final JsonSchema REQUEST = new JsonSchema();

  static final JsonSchema LOGS_REQUEST = new JsonSchema();

  static {
    JsonSchema anyValue = new JsonSchema();
    JsonSchema keyValue = new JsonSchema().with("key", 1, Type.STRING).with("value", 2, anyValue);
    anyValue
        .with("stringValue", 1, Type.STRING)
        .with("boolValue", 2, Type.BOOL)
        .with("intValue", 3, Type.VARINT)
        .with("doubleValue", 4, Type.DOUBLE)
        .with("arrayValue", 5, new JsonSchema().with("values", 1, anyValue))
        .with("kvlistValue", 6, new JsonSchema().with("values", 1, keyValue))
        .with("bytesValue", 7, Type.BASE64);
    JsonSchema exemplar =
        new JsonSchema()
            .with("timeUnixNano", 2, Type.FIXED64)
            .with("asDouble", 3, Type.DOUBLE)
            .with("spanId", 4, Type.HEX)
            .with("traceId", 5, Type.HEX)
            .with("asInt", 6, Type.FIXED64)
            .with("filteredAttributes", 7, keyValue);
    JsonSchema number =
        point()
            .with("asDouble", 4, Type.DOUBLE)
            .with("exemplars", 5, exemplar)
            .with("asInt", 6, Type.FIXED64)
            .with("attributes", 7, keyValue)
            .with("flags", 8, Type.VARINT);
    JsonSchema histogram =
        point()
            .with("count", 4, Type.FIXED64)
            .with("sum", 5, Type.DOUBLE)
            .with("bucketCounts", 6, Type.FIXED64)
            .with("explicitBounds", 7, Type.DOUBLE)
            .with("exemplars", 8, exemplar)
            .with("attributes", 9, keyValue)
            .with("flags", 10, Type.VARINT)
            .with("min", 11, Type.DOUBLE)
            .with("max", 12, Type.DOUBLE);
    JsonSchema buckets =
        new JsonSchema().with("offset", 1, Type.ZIG_ZAG).with("bucketCounts", 2, Type.VARINT);
    JsonSchema exponential =
        point()
            .with("attributes", 1, keyValue)
            .with("count", 4, Type.FIXED64)
            .with("sum", 5, Type.DOUBLE)
            .with("scale", 6, Type.ZIG_ZAG)
            .with("zeroCount", 7, Type.FIXED64)
            .with("positive", 8, buckets)
            .with("negative", 9, buckets)
            .with("flags", 10, Type.VARINT)
            .with("exemplars", 11, exemplar)
            .with("min", 12, Type.DOUBLE)
            .with("max", 13, Type.DOUBLE)
            .with("zeroThreshold", 14, Type.DOUBLE);
    JsonSchema summary =
        point()
            .with("count", 4, Type.FIXED64)
            .with("sum", 5, Type.DOUBLE)
            .with(
                "quantileValues",
                6,
                new JsonSchema().with("quantile", 1, Type.DOUBLE).with("value", 2, Type.DOUBLE))
            .with("attributes", 7, keyValue)
            .with("flags", 8, Type.VARINT);
    JsonSchema metric =
        new JsonSchema()
            .with("name", 1, Type.STRING)
            .with("description", 2, Type.STRING)
            .with("unit", 3, Type.STRING)
            .with("gauge", 5, new JsonSchema().with("dataPoints", 1, number))
            .with("sum", 7, accumulated(number).with("isMonotonic", 3, Type.BOOL))
            .with("histogram", 9, accumulated(histogram))
            .with("exponentialHistogram", 10, accumulated(exponential))
            .with("summary", 11, new JsonSchema().with("dataPoints", 1, summary));
    JsonSchema scope =
        new JsonSchema()
            .with("name", 1, Type.STRING)
            .with("version", 2, Type.STRING)
            .with("attributes", 3, keyValue)
            .with("droppedAttributesCount", 4, Type.VARINT);
    JsonSchema scopeMetrics =
        new JsonSchema()
            .with("scope", 1, scope)
            .with("metrics", 2, metric)
            .with("schemaUrl", 3, Type.STRING);
    JsonSchema resourceMetrics =
        new JsonSchema()
            .with("resource", 1, new JsonSchema().with("attributes", 1, keyValue))
            .with("scopeMetrics", 2, scopeMetrics);
    REQUEST.with("resourceMetrics", 1, resourceMetrics);
    JsonSchema logRecord =
        new JsonSchema()
            .with("timeUnixNano", 1, Type.FIXED64)
            .with("severityNumber", 2, Type.VARINT)
            .with("severityText", 3, Type.STRING)
            .with("body", 5, anyValue)
            .with("attributes", 6, keyValue)
            .with("droppedAttributesCount", 7, Type.VARINT)
            .with("flags", 8, Type.FIXED32)
            .with("traceId", 9, Type.HEX)
            .with("spanId", 10, Type.HEX)
            .with("observedTimeUnixNano", 11, Type.FIXED64)
            .with("eventName", 12, Type.STRING);
    JsonSchema scopeLogs =
        new JsonSchema()
            .with("scope", 1, scope)
            .with("logRecords", 2, logRecord)
            .with("schemaUrl", 3, Type.STRING);
    LOGS_REQUEST.with(
        "resourceLogs",
        1,
        new JsonSchema()
            .with("resource", 1, new JsonSchema().with("attributes", 1, keyValue))
            .with("scopeLogs", 2, scopeLogs));
  }

  private static JsonSchema point() {
    return new JsonSchema()
        .with("startTimeUnixNano", 2, Type.FIXED64)
        .with("timeUnixNano", 3, Type.FIXED64);
  }

  private static JsonSchema accumulated(JsonSchema point) {
    return new JsonSchema()
        .with("dataPoints", 1, point)
        .with("aggregationTemporality", 2, Type.VARINT);
  }

  private JsonSchema with(String name, int number, Type type) {
    fields.put(name, new Field(number, type, null));
    return this;
  }

  private JsonSchema with(String name, int number, JsonSchema message) {
    fields.put(name, new Field(number, Type.MESSAGE, message));
    return this;
  }

  /** Null for a field that is not known, which is passed over. */
  @Nullable Field field(String name) {
    return fields.get(name);
  }
}
