// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.storage.bytes.DamagedBytes;
import java.util.SplittableRandom;

/**
 * Gives a decoder bytes that are almost right, as a bug or a forged checksum might: it may take
 * them or call them damaged, and nothing else (no other exception, no allocation beyond reason).
 */
public final class Mutations {

  private Mutations() {}

  /** What may be done with damaged bytes. */
  @FunctionalInterface
  public interface Decoder {
    void decode(byte[] bytes);
  }

  public static void tryAll(byte[] whole, long seed, int count, Decoder decoder) {
    SplittableRandom random = new SplittableRandom(seed);
    for (int i = 0; i < count; i++) {
      byte[] mutated = mutate(whole, random);
      try {
        decoder.decode(mutated);
      } catch (DamagedBytes e) {
        // the right answer
      } catch (RuntimeException | Error e) {
        throw new AssertionError("mutation " + i + " of seed " + seed, e);
      }
    }
  }

  private static byte[] mutate(byte[] whole, SplittableRandom random) {
    byte[] bytes =
        random.nextInt(4) == 0
            ? java.util.Arrays.copyOf(whole, random.nextInt(whole.length + 20))
            : whole.clone();
    for (int changes = 1 + random.nextInt(4); changes > 0 && bytes.length > 0; changes--) {
      int at = random.nextInt(bytes.length);
      switch (random.nextInt(3)) {
        case 0 -> bytes[at] = (byte) random.nextInt();
        case 1 -> bytes[at] ^= (byte) (1 << random.nextInt(8));
        default -> {
          // Numbers far too large are what makes a decoder allocate.
          for (int i = at; i < Math.min(bytes.length, at + 9); i++) {
            bytes[i] = (byte) 0xff;
          }
        }
      }
    }
    return bytes;
  }
}
