// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.tiering;

import io.skopos.storage.bytes.DamagedBytes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;

/**
 * The one object that says whose the bucket is and what changed in it lately
 * (docs/formats/bucket.md). Changed by compare-and-swap only.
 *
 * @param bucket the bucket's id, drawn when it was first used
 * @param writer the id of the owner's data directory
 * @param owner who that is, for people
 * @param epoch goes up by one with each start of an owner
 * @param sequence goes up by one with each batch of changes; from 0 in each epoch
 * @param changes the latest, by ascending sequence
 */
record Ledger(
    String bucket, String writer, String owner, long epoch, long sequence, List<Change> changes) {

  static final String KEY = "ledger";
  static final int MAX_BYTES = 1 << 20;

  /** About 40 kB; who missed more reads everything. */
  static final int MAX_CHANGES = 500;

  static final int FORMAT = 1;

  private static final Pattern HEAD =
      Pattern.compile(
          "skopos bucket format (\\d{1,9})\n"
              + "bucket ([0-9a-f]{32})\nwriter ([0-9a-f]{32})\nowner ([^\n]*)\n"
              + "epoch (\\d{1,18})\nsequence (\\d{1,18})\n");
  private static final Pattern CHANGE = Pattern.compile("changed (\\d{1,18}) (\\S+)");
  private static final String CHECKSUM = "crc32c ";

  /** A manifest that was written or removed. */
  record Change(long sequence, String key) {}

  Ledger {
    changes = List.copyOf(changes);
  }

  /** After one more batch. */
  Ledger with(Iterable<String> changedKeys) {
    List<Change> all = new ArrayList<>(changes);
    for (String key : changedKeys) {
      all.add(new Change(sequence + 1, key));
    }
    int surplus = Math.max(0, all.size() - MAX_CHANGES);
    // A batch is either there as a whole or not at all.
    while (surplus > 0
        && surplus < all.size()
        && all.get(surplus).sequence() == all.get(surplus - 1).sequence()) {
      surplus++;
    }
    return new Ledger(bucket, writer, owner, epoch, sequence + 1, all.subList(surplus, all.size()));
  }

  /** Keys of the manifests changed lately. */
  List<String> changedKeys() {
    return changes.stream().map(Change::key).distinct().toList();
  }

  /** The sequence from which on every change is listed. */
  long listedFrom() {
    return changes.isEmpty() ? sequence + 1 : changes.getFirst().sequence();
  }

  byte[] encode() {
    StringBuilder out = new StringBuilder();
    out.append("skopos bucket format ").append(FORMAT);
    out.append("\nbucket ").append(bucket);
    out.append("\nwriter ").append(writer);
    out.append("\nowner ").append(owner.replaceAll("\\s", " "));
    out.append("\nepoch ").append(epoch);
    out.append("\nsequence ").append(sequence).append('\n');
    for (Change change : changes) {
      out.append("changed ").append(change.sequence()).append(' ').append(change.key());
      out.append('\n');
    }
    return sealed(out.toString()).getBytes(StandardCharsets.UTF_8);
  }

  /**
   * @throws DamagedBytes when it is none, or of another format
   */
  static Ledger decode(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    int seal = text.lastIndexOf(CHECKSUM);
    Matcher head = HEAD.matcher(text);
    if (!head.lookingAt()) {
      throw new DamagedBytes("it is not the ledger of a bucket of Skopos");
    }
    if (!head.group(1).equals(Integer.toString(FORMAT))) {
      throw new DamagedBytes(
          "the bucket has format " + head.group(1) + ", this Skopos reads format " + FORMAT);
    }
    if (seal < 0 || !sealed(text.substring(0, seal)).equals(text)) {
      throw new DamagedBytes("its checksum does not fit");
    }
    List<Change> changes = new ArrayList<>();
    for (String line : text.substring(head.end(), seal).lines().toList()) {
      Matcher change = CHANGE.matcher(line);
      if (change.matches()) {
        changes.add(new Change(Long.parseLong(change.group(1)), change.group(2)));
      }
    }
    return new Ledger(
        head.group(2),
        head.group(3),
        head.group(4),
        Long.parseLong(head.group(5)),
        Long.parseLong(head.group(6)),
        changes);
  }

  private static String sealed(String lines) {
    CRC32C crc = new CRC32C();
    crc.update(lines.getBytes(StandardCharsets.UTF_8));
    return lines + CHECKSUM + String.format("%08x", crc.getValue()) + "\n";
  }
}
