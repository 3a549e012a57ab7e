// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.PartWriter;
import java.io.IOException;

/**
 * Bytes of a column: short ones stand in the block's directory, long ones are pages of their own,
 * so that they are read only when they are wanted.
 */
final class Blob {

  /** Longer ones get pages. */
  static final int INLINE = 1024;

  /** A page holds at most this much of one. */
  static final int PAGE = 8 << 20;

  private final PageSource pages;
  private final int firstPage;
  private final int pageCount;
  final int length;

  /** Null until {@link #load}. */
  byte[] bytes = new byte[0];

  /** Where in {@link #bytes} they begin. */
  int from;

  private boolean loaded;

  private Blob(PageSource pages, int firstPage, int pageCount, int length) {
    this.pages = pages;
    this.firstPage = firstPage;
    this.pageCount = pageCount;
    this.length = length;
  }

  static void write(
      byte[] bytes, int length, PartWriter.Codec codec, ByteWriter directory, PageSink pages)
      throws IOException {
    if (length <= INLINE) {
      directory.varint((long) length << 1);
      directory.put(bytes, 0, length);
      return;
    }
    int count = (length + PAGE - 1) / PAGE;
    int first = 0;
    for (int i = 0; i < count; i++) {
      int number = pages.page(bytes, i * PAGE, Math.min(PAGE, length - i * PAGE), codec);
      first = i == 0 ? number : first;
    }
    directory.varint((long) first << 1 | 1);
    directory.varint(count);
  }

  static Blob read(ByteReader in, PageSource pages) {
    int head = in.count(Integer.MAX_VALUE, "bytes");
    if ((head & 1) == 0) {
      Blob blob = new Blob(pages, 0, 0, head >>> 1);
      blob.bytes = in.array();
      blob.from = in.position();
      blob.loaded = true;
      in.skip(head >>> 1);
      return blob;
    }
    int first = head >>> 1;
    int count = in.count(1 << 8, "pages of a column");
    long length = 0;
    for (int i = 0; i < count; i++) {
      length += pages.length(first + i);
    }
    if (length > Integer.MAX_VALUE - 64) {
      throw new DamagedBytes("a column of " + length + " bytes");
    }
    return new Blob(pages, first, count, (int) length);
  }

  /** Reads the pages, the first time. */
  void load() {
    if (loaded) {
      return;
    }
    if (pageCount == 1) {
      bytes = pages.page(firstPage);
    } else {
      byte[] all = new byte[length + 8];
      int at = 0;
      for (int i = 0; i < pageCount; i++) {
        int part = pages.length(firstPage + i);
        System.arraycopy(pages.page(firstPage + i), 0, all, at, part);
        at += part;
      }
      bytes = all;
    }
    loaded = true;
  }

  /** What is at least there; else the column cannot be what it says. */
  void need(long wanted) {
    if (length < wanted) {
      throw new DamagedBytes("a column needs " + wanted + " bytes and has " + length);
    }
  }
}
