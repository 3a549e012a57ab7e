// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.scrape;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/** Decompresses a body up to a limit, so that a small bomb does not become a large one. */
final class Gunzip {

  private Gunzip() {}

  static void decompress(BodyBytes from, BodyBytes into, long limit) throws ScrapeFailure {
    into.clear();
    try (GZIPInputStream in =
        new GZIPInputStream(new ByteArrayInputStream(from.bytes, 0, from.length), 16 << 10)) {
      while (true) {
        into.ensure(8 << 10);
        int room = into.bytes.length - into.length;
        int count = in.read(into.bytes, into.length, room);
        if (count < 0) {
          return;
        }
        into.length += count;
        if (into.length > limit) {
          throw TargetFetch.tooLarge(limit);
        }
      }
    } catch (ZipException e) {
      throw new ScrapeFailure("the body says it is gzip and is not: " + e.getMessage(), e);
    } catch (EOFException e) {
      throw new ScrapeFailure("the gzip body ends in its middle", e);
    } catch (IOException e) {
      throw new ScrapeFailure("the gzip body cannot be read: " + e.getMessage(), e);
    }
  }
}
