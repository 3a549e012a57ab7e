// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.directory;

import java.security.SecureRandom;
import java.util.HexFormat;

/**
 * Which bucket a data directory's parts go to.
 *
 * @param writer the directory's own id, 32 hex digits
 * @param bucket the bucket's id; empty until the directory is sure to have all that is in it
 */
public record BucketBinding(String writer, String bucket) {

  public static BucketBinding unknown() {
    return new BucketBinding(randomId(), "");
  }

  public BucketBinding to(String id) {
    return new BucketBinding(writer, id);
  }

  public static String randomId() {
    byte[] id = new byte[16];
    new SecureRandom().nextBytes(id);
    return HexFormat.of().formatHex(id);
  }
}
