// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the log stores: rows of one tenant, signal and shard, readable with nothing but itself (own
 * dictionary, no series ids, no earlier state). The payload's format belongs to the wing; the log
 * adds length, checksum and position (docs/formats/ingest-log.md).
 *
 * @param payload encoded rows, {@code payloadLength} bytes from index 0; owned by the frame
 * @param minTimeMs earliest row time, so that recovery can skip days and name the range of what is
 *     damaged
 * @param decoded the wing's in-memory form of the same rows, to spare decoding when it is applied
 *     in the same process; null when read back from the log
 * @param repeated stretches of the payload that other payloads have too, in order; the log may
 *     compress each stretch, and what stands between them, by itself
 */
public record Frame(
    TenantId tenant,
    Signal signal,
    Kind kind,
    int shard,
    int rows,
    long minTimeMs,
    long maxTimeMs,
    byte[] payload,
    int payloadLength,
    @Nullable Object decoded,
    List<Repeated> repeated) {

  /** Bytes that stand in the payload from {@code offset} on. */
  public record Repeated(int offset, RepeatedBytes bytes) {}

  /** A frame without repeated stretches. */
  public Frame(
      TenantId tenant,
      Signal signal,
      Kind kind,
      int shard,
      int rows,
      long minTimeMs,
      long maxTimeMs,
      byte[] payload,
      int payloadLength,
      @Nullable Object decoded) {
    this(
        tenant,
        signal,
        kind,
        shard,
        rows,
        minTimeMs,
        maxTimeMs,
        payload,
        payloadLength,
        decoded,
        List.of());
  }

  /** The code is stored on disk: never reuse one. */
  public enum Kind {
    ROWS(1),
    DELETION(2);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    /**
     * @throws IllegalArgumentException for a code no kind has, as read from a damaged file
     */
    public static Kind ofCode(int code) {
      for (Kind kind : values()) {
        if (kind.code == code) {
          return kind;
        }
      }
      throw new IllegalArgumentException("no kind of frame has code " + code);
    }
  }
}
