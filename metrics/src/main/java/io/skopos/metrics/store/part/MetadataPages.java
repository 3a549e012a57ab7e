// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.store.part;

import io.skopos.metrics.store.MetricMetadata;
import io.skopos.storage.bytes.ByteReader;
import io.skopos.storage.bytes.ByteWriter;
import io.skopos.storage.bytes.DamagedBytes;
import io.skopos.storage.part.EntryPage;
import io.skopos.storage.part.EntryPageWriter;
import io.skopos.storage.part.PageList;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PartWriter;
import io.skopos.storage.part.PinnedPage;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import java.util.SortedMap;
import java.util.function.BiConsumer;

/** Type, help and unit of metric families: one entry each, sorted by family. */
final class MetadataPages {

  private MetadataPages() {}

  static void write(SortedMap<String, MetricMetadata> metadata, PartWriter out, ByteWriter section)
      throws IOException {
    EntryPageWriter pages =
        new EntryPageWriter(out, PartWriter.Codec.COMPRESSED, PartFormat.SMALL_PAGE);
    ByteWriter entry = new ByteWriter(256);
    long number = 0;
    for (var known : metadata.entrySet()) {
      entry.clear();
      MetricMetadata about = known.getValue();
      for (String text : new String[] {known.getKey(), about.type(), about.help(), about.unit()}) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        entry.sized(bytes, 0, bytes.length);
      }
      pages.add(number++, entry.bytes, 0, entry.size);
    }
    pages.finish(section);
  }

  static void read(PartReader reader, PageList list, BiConsumer<String, MetricMetadata> visitor)
      throws IOException {
    try (PinnedPage pages = new PinnedPage(reader, list)) {
      try {
        for (int number = 0; number < list.count(); number++) {
          readPage(pages.page(number), visitor);
        }
      } catch (DamagedBytes e) {
        throw pages.damaged(e);
      }
    }
  }

  private static void readPage(MemorySegment page, BiConsumer<String, MetricMetadata> visitor) {
    int count = EntryPage.count(page);
    for (int i = 0; i < count; i++) {
      int start = EntryPage.start(page, i);
      int end = EntryPage.end(page, i);
      ByteReader entry =
          new ByteReader(EntryPage.copy(page, start, end, new byte[end - start]), 0, end - start);
      visitor.accept(text(entry), new MetricMetadata(text(entry), text(entry), text(entry)));
    }
  }

  private static String text(ByteReader entry) {
    return new String(entry.sized(), StandardCharsets.UTF_8);
  }
}
