// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import java.io.IOException;
import java.util.List;

/** The files of one block, wherever it lies: a folder, or a bucket. */
public interface BlockFiles {

  String META = "meta.json";
  String INDEX = "index";
  String TOMBSTONES = "tombstones";
  String CHUNKS = "chunks";

  /** For messages: the folder, or what the keys of its objects begin with. */
  String name();

  /** What it lies in: blocks of one place and with equal external labels continue each other. */
  String place();

  boolean has(String file);

  /** The segments of chunks, as {@code chunks/000001}, in their order. */
  List<String> segments();

  /** Of all files together. */
  long bytes();

  BlockBytes open(String file) throws IOException;
}
