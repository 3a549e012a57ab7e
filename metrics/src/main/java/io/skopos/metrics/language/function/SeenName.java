// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.function;

import io.skopos.model.Label;
import io.skopos.model.Labels;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Whether a series is of the same metric as the one before, found without making a string of its
 * name. Says no when it cannot tell at once. Not thread-safe.
 */
final class SeenName {

  private static final byte[] NAME = Label.METRIC_NAME.getBytes(StandardCharsets.US_ASCII);

  private byte[] before = {};

  boolean isOf(Labels labels) {
    byte[] bytes = labels.canonicalBytes();
    int end = 2 + NAME.length;
    if (bytes.length < end
        || bytes[0] != NAME.length
        || bytes[end - 1] < 0
        || !Arrays.equals(bytes, 1, end - 1, NAME, 0, NAME.length)) {
      return false;
    }
    end += bytes[end - 1];
    if (Arrays.equals(bytes, 0, end, before, 0, before.length)) {
      return true;
    }
    before = Arrays.copyOf(bytes, end);
    return false;
  }
}
