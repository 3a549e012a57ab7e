// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.model.TenantId;
import io.skopos.storage.Frame;
import io.skopos.storage.Sharding;
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
      for (Frame frame :
          FrameRoundTripTest.randomBatch(random)
              .toFrames(new TenantId("acme"), new Sharding(2, 1, 2))) {
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
    Frame frame =
        FrameRoundTripTest.randomBatch(new Random(3))
            .toFrames(new TenantId("acme"), new Sharding(1, 1, 2))
            .getFirst();
    for (int length = 0; length < frame.payloadLength(); length++) {
      assertThat(isRefused(frame.payload(), length)).as("cut at %d", length).isTrue();
    }
  }

  @Test
  void aLaterVersionIsNamed() {
    assertThatThrownBy(() -> FrameDecoder.decode(new byte[] {3, 0, 0}, 3))
        .isInstanceOf(DamagedFrame.class)
        .hasMessageContaining("its version is 3");
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
