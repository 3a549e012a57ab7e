// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.frame;

import io.skopos.metrics.store.SampleBatch;
import io.skopos.model.Fingerprint;
import io.skopos.model.TenantId;
import io.skopos.storage.Sharding;
import io.skopos.storage.WriteRefused;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Numbers the distinct label pairs of a batch and finds each series' shard. Series of one target
 * come one after the other and share most pairs, place by place: pairs equal to those at the same
 * places of the series before cost one comparison of bytes, any other one a look into the table.
 * Reused from batch to batch; not thread-safe.
 */
final class LabelTokens {

  private static final byte[] METRIC_NAME = bytes("__name__");
  private static final byte[] BUCKET = bytes("le");
  private static final byte[] JOB = bytes("job");
  private static final byte[] INSTANCE = bytes("instance");

  /** What a pair means for the shard key. */
  private static final byte OTHER = 0;

  private static final byte NOT_IN_KEY = 1;
  private static final byte IS_JOB = 2;
  private static final byte IS_INSTANCE = 3;

  /** Tokens of all series in turn; those of a series end at {@code tokenEnds}. */
  int[] tokens = new int[1024];

  int[] tokenEnds = new int[64];
  int[] shards = new int[64];

  /** Distinct pairs: where they stand in the batch's label bytes. */
  int pairCount;

  int[] pairStart = new int[256];
  int[] pairEnd = new int[256];

  /** Where the pair's value begins (its length first). */
  int[] pairValue = new int[256];

  int[] pairName = new int[256];

  /** Distinct names, each by a pair that has it. */
  int nameCount;

  int[] namePair = new int[64];

  private byte[] pairRole = new byte[256];
  private long[] pairHash = new long[256];
  private int[] pairSlots = new int[1024];
  private int[] nameSlots = new int[256];
  private final ByteColumn key = new ByteColumn(512);
  private byte[] labels = new byte[0];
  private Sharding sharding = new Sharding(1, 0, 0);
  private Fingerprint shardHash = new Fingerprint(0, 0);

  /** How much of the key is the tenant. */
  private int tenantKey;

  /** Tokens so far. */
  private int count;

  // Of the series read last, or -1.
  private int job;
  private int instance;

  // Of the series before: its tokens, its label bytes. Without any when it is in a known block.
  private int previousStart;
  private int previousEnd;
  private int previousLabels;
  private int previousLabelsEnd;

  // The target met last.
  private int previousJob;
  private int previousInstance;
  private int targetShard;

  /** Whether its arrays have grown beyond what is worth keeping. */
  boolean isLarge() {
    return tokens.length > 4 << 20 || pairStart.length > 1 << 20;
  }

  /**
   * @param blocks at the index of its first series each block whose shard is known: its series get
   *     no tokens
   */
  void read(SampleBatch batch, TenantId tenant, Sharding by, @Nullable LabelBlock[] blocks) {
    begin(batch, tenant, by);
    int series = batch.seriesCount();
    int s = 0;
    while (s < series) {
      LabelBlock block = blocks[s];
      if (block == null) {
        readOne(batch, s++);
      } else {
        int behind = s + block.size();
        Arrays.fill(tokenEnds, s, behind, count);
        Arrays.fill(shards, s, behind, block.shard());
        previousEnd = previousStart;
        s = behind;
      }
    }
  }

  private void begin(SampleBatch batch, TenantId tenant, Sharding by) {
    labels = batch.labelBytes();
    pairCount = 0;
    nameCount = 0;
    Arrays.fill(pairSlots, 0);
    Arrays.fill(nameSlots, 0);
    int series = batch.seriesCount();
    if (tokenEnds.length < series) {
      tokenEnds = new int[Math.max(series, tokenEnds.length * 2)];
      shards = new int[tokenEnds.length];
    }
    if (!by.equals(sharding)) {
      sharding = by;
      shardHash = new Fingerprint(by.key0(), by.key1());
    }
    key.clear();
    key.text(tenant.value().getBytes(StandardCharsets.UTF_8));
    tenantKey = key.size;
    count = 0;
    previousStart = 0;
    previousEnd = 0;
    previousJob = -1;
    previousInstance = -1;
  }

  private void readOne(SampleBatch batch, int s) {
    int start = batch.labelStart(s);
    int end = batch.labelEnd(s);
    if (end - start > FrameFormat.MAX_SERIES_LABEL_BYTES) {
      throw new WriteRefused(
          400,
          "a series has "
              + (end - start)
              + " bytes of labels, the limit is "
              + FrameFormat.MAX_SERIES_LABEL_BYTES);
    }
    int first = count;
    readPairs(start, end);
    tokenEnds[s] = count;
    shards[s] = shard(first);
    previousStart = first;
    previousEnd = count;
    previousLabels = start;
    previousLabelsEnd = end;
  }

  private void readPairs(int start, int end) {
    job = -1;
    instance = -1;
    int position = start;
    int before = previousStart;
    int beforeAt = previousLabels;
    int shared = -1;
    while (position < end) {
      if (shared < 0 && before < previousEnd) {
        // How far both agree from here on, found at once for all pairs.
        shared = Arrays.mismatch(labels, beforeAt, previousLabelsEnd, labels, position, end);
        shared = shared < 0 ? end - position : shared;
      }
      int beforeLength = before < previousEnd ? length(tokens[before]) : Integer.MAX_VALUE;
      int token;
      int length;
      if (beforeLength <= shared) {
        token = tokens[before];
        length = beforeLength;
        shared -= length;
      } else {
        int valueAt = skip(position);
        int pairEnds = skip(valueAt);
        token = pair(position, valueAt, pairEnds);
        length = pairEnds - position;
        shared = -1;
      }
      position += length;
      beforeAt += beforeLength;
      before++;
      if (count == tokens.length) {
        tokens = Arrays.copyOf(tokens, count * 2);
      }
      tokens[count++] = token;
      byte role = pairRole[token];
      if (role == IS_JOB) {
        job = token;
      } else if (role == IS_INSTANCE) {
        instance = token;
      }
    }
  }

  /** Of the series whose tokens begin with the {@code first} and were read last. */
  private int shard(int first) {
    if (job >= 0 && instance >= 0) {
      if (job != previousJob || instance != previousInstance) {
        key.size = tenantKey;
        putPair(job);
        putPair(instance);
        targetShard = shardOfKey();
        previousJob = job;
        previousInstance = instance;
      }
      return targetShard;
    }
    key.size = tenantKey;
    for (int i = first; i < count; i++) {
      if (pairRole[tokens[i]] != NOT_IN_KEY) {
        putPair(tokens[i]);
      }
    }
    return shardOfKey();
  }

  private int shardOfKey() {
    return sharding.shardOf(shardHash.hash64(key.bytes, 0, key.size));
  }

  private int length(int token) {
    return pairEnd[token] - pairStart[token];
  }

  private boolean samePair(int token, int start, int end) {
    return Arrays.equals(labels, pairStart[token], pairEnd[token], labels, start, end);
  }

  private int pair(int start, int valueAt, int end) {
    long hash = SampleBatch.SERIES_HASH.hash64(labels, start, end - start);
    int mask = pairSlots.length - 1;
    int slot = (int) hash & mask;
    while (pairSlots[slot] != 0) {
      int token = pairSlots[slot] - 1;
      if (pairHash[token] == hash && samePair(token, start, end)) {
        return token;
      }
      slot = slot + 1 & mask;
    }
    if (pairCount == pairStart.length) {
      growPairs();
    }
    int token = pairCount++;
    pairSlots[slot] = token + 1;
    pairStart[token] = start;
    pairValue[token] = valueAt;
    pairEnd[token] = end;
    pairHash[token] = hash;
    pairRole[token] = role(start, valueAt);
    pairName[token] = name(token, start, valueAt);
    if (pairCount * 2 > pairSlots.length) {
      pairSlots = new int[pairSlots.length * 4];
      for (int i = 0; i < pairCount; i++) {
        place(pairSlots, pairHash[i], i);
      }
    }
    return token;
  }

  private void growPairs() {
    int capacity = pairCount * 2;
    pairStart = Arrays.copyOf(pairStart, capacity);
    pairEnd = Arrays.copyOf(pairEnd, capacity);
    pairValue = Arrays.copyOf(pairValue, capacity);
    pairName = Arrays.copyOf(pairName, capacity);
    pairRole = Arrays.copyOf(pairRole, capacity);
    pairHash = Arrays.copyOf(pairHash, capacity);
  }

  private static void place(int[] slots, long hash, int index) {
    int mask = slots.length - 1;
    int slot = (int) hash & mask;
    while (slots[slot] != 0) {
      slot = slot + 1 & mask;
    }
    slots[slot] = index + 1;
  }

  private int name(int pair, int start, int end) {
    long hash = SampleBatch.SERIES_HASH.hash64(labels, start, end - start);
    int mask = nameSlots.length - 1;
    int slot = (int) hash & mask;
    while (nameSlots[slot] != 0) {
      int name = nameSlots[slot] - 1;
      int holder = namePair[name];
      if (Arrays.equals(labels, pairStart[holder], pairValue[holder], labels, start, end)) {
        return name;
      }
      slot = slot + 1 & mask;
    }
    if (nameCount == namePair.length) {
      namePair = Arrays.copyOf(namePair, nameCount * 2);
    }
    int name = nameCount++;
    namePair[name] = pair;
    nameSlots[slot] = name + 1;
    if (nameCount * 2 > nameSlots.length) {
      nameSlots = new int[nameSlots.length * 4];
      for (int i = 0; i < nameCount; i++) {
        int from = pairStart[namePair[i]];
        int to = pairValue[namePair[i]];
        place(nameSlots, SampleBatch.SERIES_HASH.hash64(labels, from, to - from), i);
      }
    }
    return name;
  }

  private byte role(int start, int valueAt) {
    if (isName(start, valueAt, METRIC_NAME) || isName(start, valueAt, BUCKET)) {
      return NOT_IN_KEY;
    }
    if (isName(start, valueAt, JOB)) {
      return IS_JOB;
    }
    return isName(start, valueAt, INSTANCE) ? IS_INSTANCE : OTHER;
  }

  /** All names asked for are shorter than 128 bytes: their length is one byte. */
  private boolean isName(int start, int valueAt, byte[] name) {
    return Arrays.equals(labels, start + 1, valueAt, name, 0, name.length);
  }

  private void putPair(int token) {
    key.put(labels, pairStart[token], pairEnd[token] - pairStart[token]);
  }

  /** From a length to behind the text it belongs to. */
  private int skip(int position) {
    int length = labels[position++];
    if (length < 0) {
      length &= 0x7f;
      int shift = 7;
      int next;
      do {
        next = labels[position++];
        length |= (next & 0x7f) << shift;
        shift += 7;
      } while (next < 0);
    }
    return position + length;
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
