// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.storage.Frame;
import io.skopos.storage.RepeatedBytes;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Payloads with stretches that others have too. */
class RepeatedStretchesTest {

  private final Random random = new Random(11);
  private final PayloadCompression compression = new PayloadCompression();
  private final SegmentDictionary one = SegmentDictionary.of(bytes(words(2000)));
  private final SegmentDictionary other = SegmentDictionary.of(bytes(words(2000)));

  @AfterEach
  void close() {
    compression.close();
  }

  @Test
  void anyMixOfStretchesComesBack() {
    List<RepeatedBytes> stretches = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      stretches.add(new RepeatedBytes(bytes(words(1 + random.nextInt(400)))));
    }
    int compressed = 0;
    for (int i = 0; i < 2000; i++) {
      Frame frame = frame(stretches);
      @Nullable SegmentDictionary dictionary =
          switch (random.nextInt(3)) {
            case 0 -> one;
            case 1 -> other;
            default -> null;
          };
      EncodedFrame encoded = EncodedFrame.of(frame, compression, dictionary);
      byte[] stored = Arrays.copyOf(encoded.stored(), encoded.storedLength());
      if (encoded.compressed()) {
        compressed++;
        assertThat(encoded.dictionary()).isSameAs(dictionary);
        stored = PayloadCompression.decompress(stored, frame.payloadLength(), dictionary);
      }
      assertThat(stored).as("frame %d", i).isEqualTo(frame.payload());
    }
    assertThat(compressed).isGreaterThan(1000);
  }

  @Test
  void aStretchIsCompressedOnceForADictionary() {
    RepeatedBytes stretch = new RepeatedBytes(bytes(words(300)));
    compression.compress(frame(stretch), one);
    byte[] form = stretch.compressed(one);
    assertThat(form).isNotNull().hasSizeLessThan(stretch.length());
    compression.compress(frame(stretch), one);
    assertThat(stretch.compressed(one)).isSameAs(form);
    assertThat(stretch.compressed(other)).isNull();
    compression.compress(frame(stretch), other);
    assertThat(stretch.compressed(other)).isNotNull();
    assertThat(stretch.compressed(one)).isNull();
  }

  private Frame frame(List<RepeatedBytes> stretches) {
    ByteArrayOutputStream payload = new ByteArrayOutputStream();
    List<Frame.Repeated> repeated = new ArrayList<>();
    for (int piece = random.nextInt(4); piece >= 0; piece--) {
      if (random.nextBoolean()) {
        payload.writeBytes(bytes(words(random.nextInt(60))));
      }
      if (random.nextBoolean()) {
        RepeatedBytes stretch = stretches.get(random.nextInt(stretches.size()));
        repeated.add(new Frame.Repeated(payload.size(), stretch));
        payload.writeBytes(stretch.bytes());
      }
    }
    return frame(payload.toByteArray(), repeated);
  }

  private static Frame frame(RepeatedBytes stretch) {
    return frame(stretch.bytes(), List.of(new Frame.Repeated(0, stretch)));
  }

  private static Frame frame(byte[] payload, List<Frame.Repeated> repeated) {
    return new Frame(
        TenantId.ANONYMOUS,
        Signal.METRICS,
        Frame.Kind.ROWS,
        0,
        1,
        1,
        2,
        payload,
        payload.length,
        null,
        repeated);
  }

  private String words(int count) {
    StringBuilder words = new StringBuilder();
    for (int i = 0; i < count; i++) {
      words.append("word-").append(random.nextInt(500) * 7919).append(' ');
    }
    return words.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
