// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.ByteString;
import com.google.protobuf.DynamicMessage;
import com.google.protobuf.InvalidProtocolBufferException;
import io.skopos.metrics.store.Exemplar;
import io.skopos.metrics.store.MetricMetadata;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.metrics.store.StaleMarker;
import io.skopos.model.Labels;
import io.skopos.web.wire.MalformedMessage;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RemoteWriteDecoderTest {

  private static final long NOW = 1_700_000_000_000L;

  private final RemoteWriteDecoder decoder = new RemoteWriteDecoder();
  private final SampleBatch batch = new SampleBatch();

  @Test
  void keepsSeriesSamplesAndTheBitsOfEveryNan() throws Exception {
    double oddNan = Double.longBitsToDouble(0x7ff8_0000_dead_beefL);
    WriteReport report =
        decode(
            new WriteRequests()
                .series("__name__", "up", "instance", "ü:1", "job", "j")
                .sample(1000, 1.5)
                .sample(2000, StaleMarker.VALUE)
                .sample(-3000, oddNan)
                .series("__name__", "zero")
                .sample(0, 0)
                .sample(5, -0.0));
    assertThat(rows())
        .containsExactly(
            "{__name__=\"up\", instance=\"ü:1\", job=\"j\"} 1000 " + bits(1.5),
            "{__name__=\"up\", instance=\"ü:1\", job=\"j\"} 2000 " + bits(StaleMarker.VALUE),
            "{__name__=\"up\", instance=\"ü:1\", job=\"j\"} -3000 " + bits(oddNan),
            "{__name__=\"zero\"} 0 " + bits(0),
            "{__name__=\"zero\"} 5 " + bits(-0.0));
    assertThat(report.samples()).isEqualTo(5);
    assertThat(report.series()).isEqualTo(2);
    assertThat(report.isPartial()).isFalse();
  }

  @Test
  void sortsLabelsAndDropsEmptyOnes() throws Exception {
    String[] many = new String[200];
    for (int i = 0; i < 100; i++) {
      many[2 * i] = i == 50 ? "__name__" : "label_" + (i * 37 % 100);
      many[2 * i + 1] = "v" + i;
    }
    decode(
        new WriteRequests()
            .series("b", "2", "__name__", "x", "a", "1", "empty", "")
            .sample(1, 1)
            .series(many)
            .sample(1, 1));
    assertThat(rows().getFirst()).startsWith("{__name__=\"x\", a=\"1\", b=\"2\"} 1");
    String[] names = batch.labels(1).toMap().keySet().toArray(new String[0]);
    assertThat(names).hasSize(100).isSorted();
  }

  @Test
  void badSeriesAreNamedAndTheOthersKept() throws Exception {
    WriteReport report =
        decode(
            new WriteRequests()
                .series("__name__", "good")
                .sample(1, 1)
                .series("job", "nameless")
                .sample(1, 1)
                .sample(2, 1)
                .series("__name__", "x", "a", "1", "b", "", "a", "2")
                .sample(1, 1)
                .series("__name__", "y", "", "v")
                .sample(1, 1)
                .series("__name__", "z")
                .label(ByteString.copyFromUtf8("l"), ByteString.copyFrom(new byte[] {(byte) 0xff}))
                .sample(1, 1)
                .series("__name__", "ns")
                .sample(1_700_000_000_000_000_000L, 1)
                .sample(7, 1)
                .series()
                .sample(1, 1)
                .metadata(1, "", "no name", ""));
    assertThat(rows())
        .containsExactly("{__name__=\"good\"} 1 " + bits(1), "{__name__=\"ns\"} 7 " + bits(1));
    assertThat(report.samples()).isEqualTo(2);
    assertThat(report.refusedSeries()).isEqualTo(5);
    assertThat(report.refusedSamples()).isEqualTo(7);
    assertThat(report.refusedMetadata()).isEqualTo(1);
    assertThat(report.isPartial()).isTrue();
    assertThat(report.reasons())
        .containsExactly(
            "series {job=\"nameless\"}: it has no label __name__",
            "series {__name__=\"x\", a=\"1\", b=\"\", a=\"2\"}: it has the label a twice",
            "series {__name__=\"y\", =\"v\"}: it has a label with an empty name",
            "series {__name__=\"z\", l=\"\uFFFD\"}: the value of label l is not valid UTF-8:"
                + " \"\uFFFD\"",
            "series {__name__=\"ns\"}: the timestamp 1700000000000000000 is not in the years 1 to"
                + " 9999; timestamps are milliseconds since 1970");
    assertThat(report.summary())
        .startsWith("kept 2 samples, 7 samples refused, 5 series refused, 1 metadata entries");
  }

  @Test
  void aSeriesOfTooManyLabelsIsRefused() throws Exception {
    String[] many = new String[10_002];
    Arrays.setAll(many, i -> "l" + i);
    many[10_000] = "__name__";
    WriteReport report = decode(new WriteRequests().series(many).sample(1, 1));
    assertThat(report.refusedSeries()).isEqualTo(1);
    assertThat(report.reasons().getFirst()).endsWith("it has more than 4096 labels");
  }

  @Test
  void keepsHistogramsAndExemplars() throws Exception {
    WriteReport report =
        decode(
            new WriteRequests()
                .series("__name__", "h")
                .histogram(1, 2)
                .histogram(2, StaleMarker.VALUE)
                .series("__name__", "c")
                .sample(1, 1)
                .exemplar(3, 0.5));
    assertThat(report.samples()).isEqualTo(1);
    assertThat(report.histograms()).isEqualTo(2);
    assertThat(report.exemplars()).isEqualTo(1);
    assertThat(report.isPartial()).isFalse();
    assertThat(report.summary()).isEqualTo("kept 1 samples, 2 native histograms, 1 exemplars");
    assertThat(Objects.requireNonNull(batch.histogramAt(0)).sum()).isEqualTo(2);
    assertThat(batch.histogramAt(1)).isNull();
    assertThat(StaleMarker.is(batch.value(1))).isTrue();
    assertThat(batch.exemplars())
        .containsExactly(new SampleBatch.ExemplarRow(1, new Exemplar(Labels.EMPTY, 0.5, 3)));
  }

  @Test
  void readsMetadata() throws Exception {
    decode(
        new WriteRequests()
            .metadata(1, "requests_total", "How many.", "")
            .metadata(4, "g", "", "seconds")
            .metadata(99, "odd", "", ""));
    assertThat(batch.metadata())
        .containsExactly(
            new SampleBatch.MetadataRow(
                NOW, "requests_total", new MetricMetadata("counter", "How many.", "")),
            new SampleBatch.MetadataRow(
                NOW, "g", new MetricMetadata("gaugehistogram", "", "seconds")),
            new SampleBatch.MetadataRow(NOW, "odd", new MetricMetadata("unknown", "", "")));
  }

  @Test
  void unknownFieldsArePassedOver() throws Exception {
    byte[] message = new WriteRequests().series("__name__", "x").sample(1, 1).bytes();
    byte[] longer = Arrays.copyOf(message, message.length + 7);
    // Field 9 as varint 300, field 10 as two bytes.
    byte[] more = {9 << 3, (byte) 0xac, 0x02, 10 << 3 | 2, 2, 'h', 'i'};
    System.arraycopy(more, 0, longer, message.length, more.length);
    assertThat(decoder.decode(longer, longer.length, NOW, batch).samples()).isEqualTo(1);
  }

  @Test
  void malformedMessagesNameFieldAndPlace() {
    assertMalformed("at byte 0: WriteRequest is cut off", 0x80);
    assertMalformed("at byte 1: timeseries declares 100 bytes where 1 are left", 0x0a, 100, 0);
    assertMalformed("field 1 of WriteRequest has the wrong wire type 0", 0x08, 1);
    assertMalformed("has a field with the number 0", 0x00);
    assertMalformed("field 9 of WriteRequest has the wire type 7", 9 << 3 | 7);
    assertMalformed(
        "WriteRequest has a field with the number 0",
        0x80,
        0x80,
        0x80,
        0x80,
        0x80,
        0x80,
        0x80,
        0x80,
        0x80,
        0);
    assertMalformed("a sample's value is cut off", 0x0a, 4, 0x12, 2, 0x09, 0);
    assertMalformed("a label's name declares 9 bytes where 0 are left", 0x0a, 4, 0x0a, 2, 0x0a, 9);
  }

  private void assertMalformed(String expected, int... message) {
    byte[] bytes = new byte[message.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) message[i];
    }
    assertThatThrownBy(() -> decoder.decode(bytes, bytes.length, NOW, new SampleBatch()))
        .isInstanceOf(MalformedMessage.class)
        .hasMessageStartingWith("malformed remote write message at byte ")
        .hasMessageContaining(expected);
  }

  /** Google's runtime reads the same damaged bytes; both must see the same samples, or none. */
  @Test
  void damagedMessagesAreReadAsTheReferenceReadsThem() throws Exception {
    long seed = System.nanoTime();
    Random random = new Random(seed);
    byte[] good =
        new WriteRequests()
            .series("__name__", "a_total", "instance", "host:9100", "job", "node")
            .sample(1_700_000_000_000L, 12.5)
            .sample(1_700_000_015_000L, 13.5)
            .series("__name__", "b", "z", "1", "job", "node")
            .sample(-1, 0)
            .metadata(2, "b", "help", "unit")
            .bytes();
    int readable = 0;
    for (int round = 0; round < 50_000; round++) {
      byte[] damaged = good.clone();
      for (int i = random.nextInt(3); i >= 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
      }
      int length = random.nextInt(8) == 0 ? random.nextInt(damaged.length) : damaged.length;
      readable += compareWithReference(Arrays.copyOf(damaged, length), seed) ? 1 : 0;
    }
    assertThat(readable).as("seed %d", seed).isBetween(1_000, 49_000);
  }

  private boolean compareWithReference(byte[] message, long seed) {
    DynamicMessage reference = null;
    try {
      reference = DynamicMessage.parseFrom(WriteRequests.REQUEST, message);
    } catch (InvalidProtocolBufferException e) {
      // Ours must refuse it, too.
    }
    SampleBatch decoded = new SampleBatch();
    String what = "seed " + seed + " " + Arrays.toString(message);
    try {
      WriteReport report = decoder.decode(message, message.length, NOW, decoded);
      if (report.exemplars() + report.histograms() > 0) {
        return true; // the damage made one, and we do not look inside
      }
      if (reference == null) {
        throw new AssertionError("only the reference refuses " + what);
      }
      int samples = 0;
      for (Object series : (List<?>) field(reference, "timeseries")) {
        samples += ((List<?>) field((DynamicMessage) series, "samples")).size();
      }
      assertThat(report.samples() + report.refusedSamples()).as(what).isEqualTo(samples);
      assertThat(decoded.rows() - decoded.metadata().size()).isEqualTo((int) report.samples());
      return true;
    } catch (MalformedMessage e) {
      // The reference passes over groups, known fields of another type and overlong varints.
      String problem = String.valueOf(e.getMessage());
      boolean stricter =
          problem.contains("has the wrong wire type")
              || problem.contains("has the wire type 3")
              || problem.contains("is a varint of more than 10 bytes")
              || problem.contains("has a field with the number");
      assertThat(reference == null || stricter).as("%s: %s", problem, what).isTrue();
      return false;
    }
  }

  private static Object field(DynamicMessage message, String name) {
    return message.getField(message.getDescriptorForType().findFieldByName(name));
  }

  /** Labels at the very end of an array go the general way, those before it the quick one. */
  @Test
  void regularLabelsAreTakenAsTheGeneralWayTakesThem() throws Exception {
    String[] names = {"__name__", "a", "aa", "ab", "cpu", "le", "mode", "ü", "", "z".repeat(130)};
    String[] values = {"", "0", "idle", "v".repeat(127), "v".repeat(128), "ä", "up", "host-1:9100"};
    Random random = new Random(11);
    for (int round = 0; round < 2000; round++) {
      String[] labels = new String[2 * random.nextInt(7)];
      int name = 0;
      for (int i = 0; i < labels.length; i += 2) {
        name =
            random.nextInt(8) == 0
                ? random.nextInt(names.length)
                : Math.min(name + random.nextInt(3), names.length - 1);
        labels[i] = i == 0 && random.nextInt(4) > 0 ? "__name__" : names[name];
        labels[i + 1] = values[random.nextInt(8) == 0 ? 0 : 1 + random.nextInt(values.length - 1)];
      }
      long timeMs = random.nextInt(10) == 0 ? Long.MAX_VALUE : round;
      byte[] message = new WriteRequests().series(labels).sample(timeMs, round).bytes();
      if (random.nextInt(4) == 0) { // a label behind the samples
        byte[] late = {0x0a, 6, 0x0a, 1, 'b', 0x12, 1, '7'};
        byte[] longer = Arrays.copyOf(message, message.length + late.length);
        System.arraycopy(late, 0, longer, message.length, late.length);
        if (longer[1] < 0 || longer[1] + late.length > 127) {
          continue;
        }
        longer[1] += (byte) late.length;
        message = longer;
      }
      SampleBatch general = new SampleBatch();
      WriteReport generalReport = decoder.decode(message, message.length, NOW, general);
      SampleBatch quick = new SampleBatch();
      byte[] longer = Arrays.copyOf(message, message.length + 64);
      WriteReport quickReport = decoder.decode(longer, message.length, NOW, quick);
      assertThat(quickReport.reasons()).isEqualTo(generalReport.reasons());
      assertThat(quick.seriesCount()).isEqualTo(general.seriesCount());
      for (int i = 0; i < quick.seriesCount(); i++) {
        assertThat(quick.labels(i).toString()).isEqualTo(general.labels(i).toString());
        assertThat(quick.hash(i)).isEqualTo(general.hash(i));
      }
    }
  }

  @Test
  void seriesThatShareLabelsWithTheOneBeforeAreTakenAsAlone() throws Exception {
    String[] names = {"Zone", "__name__", "a", "aa", "cpu", "instance", "job", "le", "ü"};
    Random random = new Random(12);
    for (int round = 0; round < 3000; round++) {
      String[] values = new String[names.length];
      WriteRequests together = new WriteRequests();
      List<String> alone = new ArrayList<>();
      int series = 1 + random.nextInt(5);
      for (int i = 0; i < series; i++) {
        for (int label = 0; label < names.length; label++) {
          if (i == 0 || random.nextInt(4) == 0) {
            values[label] = value(random);
          }
        }
        List<String> labels = new ArrayList<>();
        for (int label = 0; label < names.length; label++) {
          if (values[label] != null) {
            int at = random.nextInt(40) == 0 ? 0 : labels.size();
            labels.addAll(at, List.of(names[label], values[label]));
          }
        }
        if (random.nextInt(30) == 0) {
          labels.addAll(labels.subList(0, Math.min(2, labels.size())));
        }
        String[] own = labels.toArray(new String[0]);
        together.series(own).sample(i, round);
        byte[] single = new WriteRequests().series(own).sample(i, round).bytes();
        SampleBatch general = new SampleBatch();
        alone.addAll(decoder.decode(single, single.length, NOW, general).reasons());
        if (general.seriesCount() > 0) {
          alone.add(general.labels(0) + " " + general.hash(0));
        }
      }
      byte[] message = together.bytes();
      SampleBatch quick = new SampleBatch();
      byte[] longer = Arrays.copyOf(message, message.length + 64);
      WriteReport report = decoder.decode(longer, message.length, NOW, quick);
      List<String> found = new ArrayList<>(report.reasons());
      for (int i = 0; i < quick.seriesCount(); i++) {
        found.add(quick.labels(i) + " " + quick.hash(i));
      }
      assertThat(found).containsExactlyInAnyOrderElementsOf(alone);
    }
  }

  private static @Nullable String value(Random random) {
    return switch (random.nextInt(8)) {
      case 0 -> null;
      case 1 -> "";
      case 2 -> "ä";
      case 3 -> "v".repeat(120 + random.nextInt(12));
      default -> Integer.toString(random.nextInt(1 << random.nextInt(1, 20)));
    };
  }

  private WriteReport decode(WriteRequests requests) throws MalformedMessage {
    byte[] message = requests.bytes();
    return decoder.decode(message, message.length, NOW, batch);
  }

  private List<String> rows() {
    List<String> rows = new ArrayList<>();
    for (int series = 0; series < batch.seriesCount(); series++) {
      for (int i = batch.sampleStart(series); i < batch.sampleEnd(series); i++) {
        rows.add(batch.labels(series) + " " + batch.timeMs(i) + " " + bits(batch.value(i)));
      }
    }
    return rows;
  }

  private static String bits(double value) {
    return Long.toHexString(Double.doubleToRawLongBits(value));
  }
}
