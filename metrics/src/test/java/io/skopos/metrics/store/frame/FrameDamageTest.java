// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.TenantId;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Whatever the bytes are, a reader either reads rows or says what is wrong. */
class FrameDamageTest {

  @Test
  void flippedCutAndForeignBytesAreNamed() {
    int refused = 0;
    int tried = 0;
    for (long seed = 1; seed <= 20; seed++) {
      Random random = new Random(seed);
      SampleBatch batch = FrameRoundTripTest.randomBatch(random);
      List<Frame> frames = List.of();
      // From the third time on, series that follow each other are a section of their own.
      for (int times = random.nextInt(4); times >= 0; times--) {
        frames = batch.toFrames(new TenantId("acme"), new Sharding(2, 1, 2));
      }
      for (Frame frame : frames) {
        for (int i = 0; i < 60; i++) {
          byte[] payload = frame.payload().clone();
          int length = frame.payloadLength();
          switch (random.nextInt(3)) {
            case 0 -> payload[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
            case 1 -> length = random.nextInt(length);
            default -> payload[random.nextInt(length)] = (byte) random.nextInt();
          }
          tried++;
          refused += isRefused(payload, length) ? 1 : 0;
        }
      }
    }
    assertThat(refused).isGreaterThan(tried / 3);
  }

  @Test
  void everyCutIsNoticed() {
    SampleBatch batch = FrameRoundTripTest.randomBatch(new Random(3));
    for (int version : new int[] {2, 3, 3}) {
      Frame frame = batch.toFrames(new TenantId("cut"), new Sharding(1, 1, 2)).getFirst();
      assertThat(frame.payload()[0]).isEqualTo((byte) version);
      assertEveryCutIsNoticed(frame);
    }
  }

  private static void assertEveryCutIsNoticed(Frame frame) {
    for (int length = 0; length < frame.payloadLength(); length++) {
      assertThat(isRefused(frame.payload(), length)).as("cut at %d", length).isTrue();
    }
  }

  @Test
  void aLaterVersionIsNamed() {
    assertThatThrownBy(() -> FrameDecoder.decode(new byte[] {5, 0, 0}, 3))
        .isInstanceOf(DamagedFrame.class)
        .hasMessageContaining("its version is 5");
    assertThatThrownBy(() -> FrameDecoder.decode(new byte[] {3, 0, 5}, 3))
        .isInstanceOf(DamagedFrame.class);
  }

  @FuzzTest(maxDuration = "5s")
  void anyBytes(byte[] payload) {
    isRefused(payload, payload.length);
  }

  private static boolean isRefused(byte[] payload, int length) {
    try {
      FrameRows rows = FrameDecoder.decode(payload, length);
      assertThat(rows.batch().seriesCount()).isEqualTo(rows.count());
      return false;
    } catch (DamagedFrame expected) {
      return true;
    }
  }
}
