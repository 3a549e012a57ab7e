// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;
import io.skopos.storage.DeletionCodec;
import io.skopos.storage.Frame;
import io.skopos.storage.Mutations;
import io.skopos.storage.WorkedExample;
import io.skopos.storage.bytes.DamagedBytes;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ManifestFormatTest {

  private static final TenantId TENANT = new TenantId("a");
  private static final UtcDay DAY = UtcDay.parse("2026-01-31");

  @Test
  void theWorkedExampleIsTrue() throws IOException {
    byte[] bytes = ManifestFormat.encode(example());
    WorkedExample.check("manifest.md", bytes);
    assertThat(ManifestFormat.decode(bytes, TENANT, Signal.METRICS, DAY))
        .usingRecursiveComparison()
        .isEqualTo(example());
  }

  @Test
  void extremesSurvive() {
    UtcDay day = new UtcDay(Integer.MIN_VALUE / 100);
    Manifest manifest =
        new Manifest(
            TENANT,
            Signal.EVENTS,
            day,
            Long.MAX_VALUE,
            Long.MAX_VALUE,
            new long[] {Long.MAX_VALUE, -1, Long.MIN_VALUE, 0},
            List.of(
                new PartEntry(
                    "k",
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    Long.MAX_VALUE,
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    Long.MIN_VALUE,
                    Long.MAX_VALUE,
                    Integer.MAX_VALUE),
                new PartEntry(
                    "parts/a/events/x/" + "0".repeat(32) + ".part", 0, 1, 0, 0, 0, 0, 0, 0),
                new PartEntry(
                    PartKeys.folder(TENANT, Signal.EVENTS, day) + "0".repeat(31) + "G.part",
                    0,
                    1,
                    0,
                    0,
                    0,
                    0,
                    0,
                    0)),
            List.of(
                new DeletionEntry(
                    Long.MIN_VALUE,
                    new Deletion(
                        List.of(new Matcher(Matcher.Type.REGEX, "", "\ud83d\ude00")),
                        TimeRange.ALL)),
                new DeletionEntry(
                    9,
                    new Deletion(
                        List.of(Matcher.equal("a", "b")),
                        List.of(
                            List.of(Matcher.equal("c", "d"), Matcher.equal("e", "f")),
                            List.of(new Matcher(Matcher.Type.NOT_REGEX, "g", "h"))),
                        TimeRange.ALL))));
    assertThat(ManifestFormat.decode(ManifestFormat.encode(manifest), TENANT, Signal.EVENTS, day))
        .usingRecursiveComparison()
        .isEqualTo(manifest);
  }

  @Test
  void aManifestOfAnotherDayIsNotTakenForThisOne() {
    byte[] bytes = ManifestFormat.encode(example());
    assertThatThrownBy(() -> ManifestFormat.decode(bytes, new TenantId("b"), Signal.METRICS, DAY))
        .isInstanceOf(DamagedBytes.class)
        .hasMessageContaining("tenant a");
    assertThatThrownBy(() -> ManifestFormat.decode(bytes, TENANT, Signal.LOGS, DAY))
        .isInstanceOf(DamagedBytes.class);
    assertThatThrownBy(() -> ManifestFormat.decode(bytes, TENANT, Signal.METRICS, new UtcDay(1)))
        .isInstanceOf(DamagedBytes.class);
  }

  @Test
  void almostRightStatesAreRefusedOrRead() {
    byte[] state = ManifestFormat.encodeState(example());
    Mutations.tryAll(
        state,
        1,
        100_000,
        bytes -> ManifestFormat.decodeState(bytes, 0, TENANT, Signal.METRICS, DAY));
  }

  @Test
  void deletionsWithWhatTheySpareComeThroughTheLog() throws IOException {
    Deletion deletion =
        new Deletion(
            List.of(Matcher.equal("a", "b")),
            List.of(List.of(Matcher.equal("c", "d")), List.of(Matcher.equal("e", "f"))),
            TimeRange.ALL);
    for (Deletion each : List.of(deletion, new Deletion(deletion.matchers(), deletion.range()))) {
      Frame frame = DeletionCodec.frames(TENANT, Signal.LOGS, each, 1).getFirst();
      Frame read =
          new Frame(
              TENANT,
              Signal.LOGS,
              Frame.Kind.DELETION,
              0,
              0,
              0,
              0,
              frame.payload(),
              frame.payloadLength(),
              null);
      assertThat(DeletionCodec.deletionOf(read)).isEqualTo(each);
    }
  }

  private static Manifest example() {
    PartId id = new PartId(0x019c11aabbcc_0102L, 0x0304050607080910L);
    return new Manifest(
        TENANT,
        Signal.METRICS,
        DAY,
        3,
        12,
        new long[] {1_000, 1_002, -1},
        List.of(
            new PartEntry(
                PartKeys.of(TENANT, Signal.METRICS, DAY, id),
                0,
                111,
                300,
                DAY.startMs(),
                DAY.startMs() + 1,
                7,
                9,
                1)),
        List.of(
            new DeletionEntry(
                8,
                new Deletion(
                    List.of(Matcher.equal("job", "x")),
                    new TimeRange(DAY.startMs(), DAY.startMs() + 1)))));
  }
}
