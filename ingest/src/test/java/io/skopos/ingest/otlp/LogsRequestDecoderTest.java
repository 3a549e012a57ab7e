// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.otlp;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.opentelemetry.proto.collector.logs.v1.ExportLogsServiceRequest;
import io.opentelemetry.proto.common.v1.AnyValue;
import io.opentelemetry.proto.common.v1.InstrumentationScope;
import io.opentelemetry.proto.common.v1.KeyValue;
import io.opentelemetry.proto.common.v1.KeyValueList;
import io.opentelemetry.proto.logs.v1.LogRecord;
import io.opentelemetry.proto.logs.v1.ResourceLogs;
import io.opentelemetry.proto.logs.v1.ScopeLogs;
import io.opentelemetry.proto.resource.v1.Resource;
import io.skopos.logs.LogsConfig;
import io.skopos.logs.store.LogBatch;
import io.skopos.logs.wire.Discovery;
import io.skopos.web.wire.MalformedMessage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

class LogsRequestDecoderTest {

  private static final long NOW = 1_700_000_000_000_000_000L;

  private final LogsRequestDecoder decoder = new LogsRequestDecoder();
  private final Discovery discovery = new Discovery(LogsConfig.DEFAULT);

  private OtlpReport decode(byte[] message) throws MalformedMessage {
    return decoder.decode(message, message.length, discovery, NOW);
  }

  private Map<String, String> stream(int row) {
    LogBatch batch = decoder.batch();
    return batch.streamLabels(batch.streamOf(row)).toMap();
  }

  private Map<String, String> metadata(int row) {
    return decoder.batch().metadata(row).toMap();
  }

  private String line(int row) {
    LogBatch batch = decoder.batch();
    return new String(
        batch.lineBytes(), batch.lineFrom(row), batch.lineLength(row), StandardCharsets.UTF_8);
  }

  private static KeyValue attribute(String key, AnyValue value) {
    return KeyValue.newBuilder().setKey(key).setValue(value).build();
  }

  private static AnyValue text(String value) {
    return AnyValue.newBuilder().setStringValue(value).build();
  }

  private static AnyValue map(KeyValue... entries) {
    return AnyValue.newBuilder()
        .setKvlistValue(KeyValueList.newBuilder().addAllValues(List.of(entries)))
        .build();
  }

  private static byte[] request(ResourceLogs... resources) {
    return ExportLogsServiceRequest.newBuilder()
        .addAllResourceLogs(List.of(resources))
        .build()
        .toByteArray();
  }

  private static ResourceLogs resource(Resource.Builder resource, LogRecord... records) {
    return ResourceLogs.newBuilder()
        .setResource(resource)
        .addScopeLogs(
            ScopeLogs.newBuilder()
                .setScope(
                    InstrumentationScope.newBuilder()
                        .setName("lib")
                        .setVersion("2")
                        .addAttributes(attribute("scope.own", text("s"))))
                .addAllLogRecords(List.of(records)))
        .build();
  }

  @Test
  void resourcesBecomeStreamsAndTheRestMetadata() throws Exception {
    Resource.Builder resource =
        Resource.newBuilder()
            .addAttributes(attribute("service.name", text("shop")))
            .addAttributes(attribute("k8s.pod.name", text("p-1")))
            .addAttributes(attribute("process.pid", AnyValue.newBuilder().setIntValue(7).build()));
    LogRecord record =
        LogRecord.newBuilder()
            .setTimeUnixNano(NOW + 5)
            .setObservedTimeUnixNano(NOW + 9)
            .setSeverityNumberValue(13)
            .setSeverityText("Warning")
            .setBody(text("hello"))
            .addAttributes(attribute("http", map(attribute("status.code", text("200")))))
            .addAttributes(attribute("process.pid", text("own")))
            .setTraceId(ByteString.fromHex("5b8efff798038103d269b633813fc60c"))
            .setSpanId(ByteString.fromHex("0000000000000000"))
            .setFlags(1)
            .setEventName("e")
            .build();
    OtlpReport report = decode(request(resource(resource, record)));
    assertThat(report.points()).isEqualTo(1);
    assertThat(report.rejectedPoints()).isZero();
    assertThat(stream(0)).isEqualTo(Map.of("service_name", "shop", "k8s_pod_name", "p-1"));
    assertThat(metadata(0))
        .containsOnly(
            Map.entry("process_pid", "own"),
            Map.entry("scope_name", "lib"),
            Map.entry("scope_version", "2"),
            Map.entry("scope_own", "s"),
            Map.entry("http_status_code", "200"),
            Map.entry("severity_number", "13"),
            Map.entry("severity_text", "Warning"),
            Map.entry("observed_timestamp", Long.toString(NOW + 9)),
            Map.entry("trace_id", "5b8efff798038103d269b633813fc60c"),
            Map.entry("flags", "1"),
            Map.entry("event_name", "e"),
            Map.entry("detected_level", "warn"));
    assertThat(line(0)).isEqualTo("hello");
    assertThat(decoder.batch().timeNs(0)).isEqualTo(NOW + 5);
  }

  @Test
  void bodiesOfAnyTypeAreLines() throws Exception {
    decode(
        request(
            resource(
                Resource.newBuilder(),
                LogRecord.newBuilder().build(),
                LogRecord.newBuilder()
                    .setBody(map(attribute("b", text("x")), attribute("a", text("\"q\""))))
                    .setObservedTimeUnixNano(3)
                    .build(),
                LogRecord.newBuilder()
                    .setBody(AnyValue.newBuilder().setDoubleValue(1.5))
                    .build())));
    assertThat(stream(0)).isEqualTo(Map.of("service_name", "unknown_service"));
    assertThat(line(0)).isEmpty();
    assertThat(decoder.batch().timeNs(0)).isEqualTo(NOW);
    assertThat(line(1)).isEqualTo("{\"a\":\"\\\"q\\\"\",\"b\":\"x\"}");
    assertThat(decoder.batch().timeNs(1)).isEqualTo(3);
    assertThat(line(2)).isEqualTo("1.5");
  }

  @Test
  void metadataOfOneRecordIsNotTheNextOnes() throws Exception {
    decode(
        request(
            resource(
                Resource.newBuilder(),
                LogRecord.newBuilder().addAttributes(attribute("a", text("1"))).build(),
                LogRecord.newBuilder().addAttributes(attribute("b", text("2"))).build()),
            resource(
                Resource.newBuilder().addAttributes(attribute("service.name", text("two"))),
                LogRecord.newBuilder().build())));
    assertThat(metadata(0)).containsKey("a").doesNotContainKey("b");
    assertThat(metadata(1)).containsKey("b").doesNotContainKey("a");
    assertThat(metadata(2)).doesNotContainKeys("a", "b");
    assertThat(stream(2)).containsEntry("service_name", "two");
  }

  @Test
  void theEdgeCasesOfTheSpecificationAreTaken() throws Exception {
    String root = System.getProperty("skopos.conformance", "");
    Assumptions.assumeTrue(!root.isEmpty(), "skipped: -Dskopos.conformance is not given");
    byte[] json = Files.readAllBytes(Path.of(root, "otlp", "logs-edge.json"));
    JsonToProtobuf.Protobuf message =
        JsonToProtobuf.convert(json, json.length, JsonSchema.LOGS_REQUEST);
    OtlpReport report = decoder.decode(message.bytes(), message.length(), discovery, NOW);
    assertThat(report.points()).isEqualTo(3);
    assertThat(metadata(0))
        .containsEntry("trace_id", "5b8efff798038103d269b633813fc60c")
        .containsEntry("span_id", "eee19b7ec3c1b174")
        .containsEntry("severity_number", "17")
        .containsEntry("detected_level", "error");
    assertThat(decoder.batch().timeNs(1)).isEqualTo(1_700_000_001_000_000_000L);
    assertThat(line(1)).isEqualTo("{\"a\":9007199254740993,\"b\":[1.5,true,null],\"c\":\"AQID\"}");
    assertThat(decoder.batch().timeNs(2)).isEqualTo(1_700_000_002_000_000_000L);
  }

  @Test
  void onlyMalformedMessagesAreThrownWhateverTheBytes() {
    byte[] good =
        request(
            resource(
                Resource.newBuilder().addAttributes(attribute("service.name", text("shop"))),
                LogRecord.newBuilder()
                    .setBody(map(attribute("a", text("b"))))
                    .addAttributes(attribute("m", map(attribute("x", text("y")))))
                    .setSeverityText("info")
                    .setFlags(1)
                    .build()));
    Random random = new Random(3);
    for (int round = 0; round < 20_000; round++) {
      byte[] bytes = good.clone();
      for (int i = random.nextInt(4); i >= 0; i--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      decoder.batch().clear();
      try {
        decoder.decode(bytes, random.nextInt(bytes.length + 1), discovery, NOW);
      } catch (MalformedMessage expected) {
        assertThat(expected).hasMessageStartingWith("malformed OTLP logs message at byte");
      }
    }
  }
}
