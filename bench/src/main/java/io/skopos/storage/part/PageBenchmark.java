// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.part;

import io.skopos.storage.manifest.PartId;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Nanoseconds per page of 64 KiB: checksum, compression as flushes do it and as merges do. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(1)
public class PageBenchmark {

  private static final int LENGTH = 64 * 1024;

  private final PageChecksum checksum = new PageChecksum();
  private final Compression compression = new Compression();
  private final PartId part = PartId.create(1);
  private final byte[] target = new byte[2 * LENGTH];
  private byte[] page = new byte[0];

  @Setup
  public void fill() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; text.length() < LENGTH; i++) {
      text.append("instance=host-").append(i * 31 % 1000).append(".example.com,job=node;");
    }
    page = text.substring(0, LENGTH).getBytes(StandardCharsets.US_ASCII);
  }

  @Benchmark
  public int crc() {
    return checksum.at(part, 4096, LENGTH).of(page, 0, LENGTH);
  }

  @Benchmark
  public int compressFast() {
    return compression.compress(page, 0, LENGTH, target, 0, false);
  }

  @Benchmark
  public int compressSmall() {
    return compression.compress(page, 0, LENGTH, target, 0, true);
  }
}
