// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.manifest;

import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.Deletion;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.bytes.Envelope;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * A manifest as bytes (docs/formats/manifest.md). The state behind the identity is compact, since
 * all manifests are kept in memory in this form: a day with one part takes some 120 bytes.
 */
final class ManifestFormat {

  /** "SKMF", little-endian. */
  private static final Envelope ENVELOPE =
      new Envelope("a manifest", 'S' | 'K' << 8 | 'M' << 16 | 'F' << 24, 1);

  /** Least bytes of a part, of a deletion and of a matcher, to check counts against. */
  private static final int LEAST_PART = 10;

  private static final int LEAST_DELETION = 4;

  /** Where a matcher's type stands: what follows is a selector of spared series. */
  private static final int SPARED = 4;

  private static final int LEAST_MATCHER = 3;

  private static final int MAX_SHARDS = 4096;

  private static final int OWN_FOLDER = 0;
  private static final int FULL_KEY = 1;
  private static final int OWN_FOLDER_IN_BUCKET = 2;

  private ManifestFormat() {}

  /** The whole object. */
  static byte[] encode(Manifest manifest) {
    ByteWriter body = new ByteWriter(256);
    string(body, manifest.tenant().value());
    body.int8(manifest.signal().code());
    body.zigzag(manifest.day().number());
    byte[] state = encodeState(manifest);
    body.put(state, 0, state.length);
    return ENVELOPE.seal(body);
  }

  /**
   * @throws DamagedBytes when it is not whole, or not about this day
   */
  static Manifest decode(byte[] bytes, TenantId tenant, Signal signal, UtcDay day) {
    ByteReader in = ENVELOPE.open(bytes);
    String foundTenant = string(in);
    int foundSignal = in.uint8();
    long foundDay = in.zigzag();
    if (!foundTenant.equals(tenant.value())
        || foundSignal != signal.code()
        || foundDay != day.number()) {
      throw new DamagedBytes(
          "it is about tenant "
              + foundTenant
              + ", signal "
              + foundSignal
              + ", day number "
              + foundDay);
    }
    return decodeState(bytes, in.position(), tenant, signal, day);
  }

  /** Everything but the identity. */
  static byte[] encodeState(Manifest manifest) {
    ByteWriter out = new ByteWriter(128);
    out.varint(manifest.epoch());
    out.varint(manifest.version());
    long[] covered = manifest.covered();
    out.varint(covered.length);
    long before = 0;
    for (long position : covered) {
      out.zigzag(position - before);
      before = position;
    }
    out.varint(manifest.parts().size());
    String folder = PartKeys.folder(manifest.tenant(), manifest.signal(), manifest.day());
    for (PartEntry part : manifest.parts()) {
      encode(part, folder, manifest.day().startMs(), out);
    }
    out.varint(manifest.deletions().size());
    for (DeletionEntry deletion : manifest.deletions()) {
      encode(deletion, out);
    }
    return out.toByteArray();
  }

  static Manifest decodeState(
      byte[] bytes, int offset, TenantId tenant, Signal signal, UtcDay day) {
    ByteReader in = new ByteReader(bytes, offset, bytes.length);
    long epoch = in.varint();
    long version = in.varint();
    long[] covered = new long[in.count(MAX_SHARDS, "shards")];
    long before = 0;
    for (int shard = 0; shard < covered.length; shard++) {
      before += in.zigzag();
      covered[shard] = before;
    }
    int partCount = in.count(in.remaining() / LEAST_PART, "parts");
    List<PartEntry> parts = new ArrayList<>(partCount);
    String folder = PartKeys.folder(tenant, signal, day);
    for (int i = 0; i < partCount; i++) {
      parts.add(part(in, folder, day.startMs()));
    }
    int deletionCount = in.count(in.remaining() / LEAST_DELETION, "deletions");
    List<DeletionEntry> deletions = new ArrayList<>(deletionCount);
    for (int i = 0; i < deletionCount; i++) {
      deletions.add(deletion(in));
    }
    if (in.remaining() != 0) {
      throw new DamagedBytes(in.remaining() + " bytes are left at the end");
    }
    return new Manifest(tenant, signal, day, epoch, version, covered, parts, deletions);
  }

  private static void encode(PartEntry part, String folder, long dayStartMs, ByteWriter out) {
    boolean isInBucket = BucketKeys.isInBucket(part.object());
    PartId id =
        PartKeys.idOf(isInBucket ? BucketKeys.inBucket(part.object()) : part.object(), folder);
    if (id != null) {
      out.int8(isInBucket ? OWN_FOLDER_IN_BUCKET : OWN_FOLDER);
      out.int64(id.high());
      out.int64(id.low());
    } else {
      out.int8(FULL_KEY);
      string(out, part.object());
    }
    out.varint(part.offset());
    out.varint(part.length());
    out.varint(part.rows());
    out.zigzag(part.minTimeMs() - dayStartMs);
    out.zigzag(part.maxTimeMs() - part.minTimeMs());
    out.zigzag(part.minPosition());
    out.zigzag(part.maxPosition() - part.minPosition());
    out.varint(part.level());
  }

  private static PartEntry part(ByteReader in, String folder, long dayStartMs) {
    int kind = in.uint8();
    String object =
        switch (kind) {
          case OWN_FOLDER -> PartKeys.of(folder, new PartId(in.int64(), in.int64()));
          case FULL_KEY -> string(in);
          case OWN_FOLDER_IN_BUCKET ->
              BucketKeys.local(PartKeys.of(folder, new PartId(in.int64(), in.int64())));
          default -> throw new DamagedBytes("a part's key is of kind " + kind);
        };
    long offset = in.varint();
    long length = in.varint();
    long rows = in.varint();
    long minTimeMs = dayStartMs + in.zigzag();
    long maxTimeMs = minTimeMs + in.zigzag();
    long minPosition = in.zigzag();
    long maxPosition = minPosition + in.zigzag();
    int level = (int) in.varint();
    return new PartEntry(
        object, offset, length, rows, minTimeMs, maxTimeMs, minPosition, maxPosition, level);
  }

  private static void encode(DeletionEntry entry, ByteWriter out) {
    out.zigzag(entry.position());
    out.zigzag(entry.deletion().range().fromMs());
    out.zigzag(entry.deletion().range().toMs());
    List<List<Matcher>> spared = entry.deletion().spared();
    int count = entry.deletion().matchers().size();
    for (List<Matcher> matchers : spared) {
      count += 1 + matchers.size();
    }
    out.varint(count);
    encode(entry.deletion().matchers(), out);
    for (List<Matcher> matchers : spared) {
      out.int8(SPARED);
      string(out, "");
      string(out, "");
      encode(matchers, out);
    }
  }

  private static void encode(List<Matcher> matchers, ByteWriter out) {
    for (Matcher matcher : matchers) {
      out.int8(
          switch (matcher.type()) {
            case EQUAL -> 0;
            case NOT_EQUAL -> 1;
            case REGEX -> 2;
            case NOT_REGEX -> 3;
          });
      string(out, matcher.name());
      string(out, matcher.value());
    }
  }

  private static DeletionEntry deletion(ByteReader in) {
    long position = in.zigzag();
    long fromMs = in.zigzag();
    long toMs = in.zigzag();
    int count = in.count(in.remaining() / LEAST_MATCHER, "matchers");
    if (toMs < fromMs || count == 0) {
      throw new DamagedBytes(
          "a deletion from " + fromMs + " to " + toMs + ", " + count + " matchers");
    }
    List<List<Matcher>> selectors = new ArrayList<>();
    selectors.add(new ArrayList<>());
    for (int i = 0; i < count; i++) {
      int type = in.uint8();
      String name = string(in);
      String value = string(in);
      if (type == SPARED) {
        selectors.add(new ArrayList<>());
      } else {
        selectors.getLast().add(new Matcher(matcherType(type), name, value));
      }
    }
    if (selectors.stream().anyMatch(List::isEmpty)) {
      throw new DamagedBytes("a deletion has a selector without matchers");
    }
    return new DeletionEntry(
        position,
        new Deletion(
            selectors.getFirst(),
            selectors.subList(1, selectors.size()),
            new TimeRange(fromMs, toMs)));
  }

  private static Matcher.Type matcherType(int code) {
    return switch (code) {
      case 0 -> Matcher.Type.EQUAL;
      case 1 -> Matcher.Type.NOT_EQUAL;
      case 2 -> Matcher.Type.REGEX;
      case 3 -> Matcher.Type.NOT_REGEX;
      default -> throw new DamagedBytes("a matcher is of type " + code);
    };
  }

  private static void string(ByteWriter out, String text) {
    byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
    out.sized(utf8, 0, utf8.length);
  }

  private static String string(ByteReader in) {
    return new String(in.sized(), StandardCharsets.UTF_8);
  }
}
