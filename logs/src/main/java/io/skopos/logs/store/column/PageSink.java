// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.store.column;

import io.skopos.storage.part.PartWriter;
import java.io.IOException;

/** Takes the pages of a block, numbered from 1 on in the order they come. */
@FunctionalInterface
public interface PageSink {

  /** The number of the page; the bytes are copied. */
  int page(byte[] bytes, int offset, int length, PartWriter.Codec codec) throws IOException;
}
