// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.bucket;

import io.skopos.metrics.tsdb.block.BlockBytes;
import io.skopos.metrics.tsdb.block.BlockFiles;
import io.skopos.storage.blocks.PagedObjects;
import io.skopos.storage.objects.MissingObject;
import io.skopos.storage.objects.ObjectStore;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.NoSuchFileException;
import java.util.List;

/** The files of a block in a bucket. Thread-safe. */
public final class ObjectFiles implements BlockFiles {

  private final ListedBlock block;
  private final String place;
  private final Reading reading;

  /** How bytes of an object are read. */
  private interface Reading {
    BlockBytes open(String key, long size);
  }

  private ObjectFiles(ListedBlock block, String place, Reading reading) {
    this.block = block;
    this.place = place;
    this.reading = reading;
  }

  /**
   * Read through caches, in small pieces.
   *
   * @param place of the bucket, for messages
   */
  static ObjectFiles cached(ListedBlock block, String place, PagedObjects objects) {
    return new ObjectFiles(
        block, place, (key, size) -> new CachedObject(objects.object(key, size)));
  }

  /**
   * Read as they are, in large pieces: for those who read all of it once.
   *
   * @param place of the bucket, for messages
   */
  public static ObjectFiles direct(ListedBlock block, String place, ObjectStore bucket) {
    return new ObjectFiles(
        block, place, (key, size) -> new DirectObject(bucket, place + "/" + key, key, size));
  }

  @Override
  public String name() {
    return place + "/" + block.key();
  }

  @Override
  public String place() {
    return place + "/" + block.folder();
  }

  @Override
  public boolean has(String file) {
    return block.sizes().containsKey(file);
  }

  @Override
  public List<String> segments() {
    return block.segments();
  }

  @Override
  public long bytes() {
    return block.sizes().values().stream().mapToLong(Long::longValue).sum();
  }

  @Override
  public BlockBytes open(String file) throws IOException {
    Long size = block.sizes().get(file);
    if (size == null) {
      throw new NoSuchFileException(name() + "/" + file);
    }
    return reading.open(block.key() + "/" + file, size);
  }

  private record CachedObject(PagedObjects.PagedObject object) implements BlockBytes {

    @Override
    public String name() {
      return object.key();
    }

    @Override
    public long size() {
      return object.size();
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
      object.read(offset, into);
    }

    @Override
    public void prefetch(long offset, long length) {
      object.prefetch(offset, length);
    }
  }

  /** Reads some megabytes at a time and keeps the latest: not thread-safe. */
  private static final class DirectObject implements BlockBytes {

    private static final int PIECE = 4 << 20;

    private final ObjectStore bucket;
    private final String name;
    private final String key;
    private final long size;
    private byte[] piece = {};
    private long pieceStart;

    DirectObject(ObjectStore bucket, String name, String key, long size) {
      this.bucket = bucket;
      this.name = name;
      this.key = key;
      this.size = size;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public long size() {
      return size;
    }

    @Override
    public void read(long offset, ByteBuffer into) throws IOException {
      long at = offset;
      while (into.hasRemaining()) {
        if (at < pieceStart || at >= pieceStart + piece.length) {
          byte[] next = new byte[(int) Math.min(PIECE, size - at)];
          if (next.length == 0) {
            throw new EOFException(name + " ends at byte " + size);
          }
          try {
            bucket.getRange(key, at, ByteBuffer.wrap(next));
          } catch (MissingObject e) {
            throw new NoSuchFileException(name, null, e.getMessage());
          }
          piece = next;
          pieceStart = at;
        }
        int from = (int) (at - pieceStart);
        int count = Math.min(into.remaining(), piece.length - from);
        into.put(piece, from, count);
        at += count;
      }
    }
  }
}
