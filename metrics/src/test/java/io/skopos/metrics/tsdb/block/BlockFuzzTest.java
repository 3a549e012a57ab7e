// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.tsdb.block;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.skopos.metrics.tsdb.chunk.ChunkStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whatever a file of a block holds, it is read or named damaged. */
class BlockFuzzTest {

  private static final String META =
      "{\"version\":1,\"ulid\":\"01BZJ9WJQPWHGNC2W4J9TA62KC\",\"minTime\":0,\"maxTime\":100}";

  @FuzzTest(maxDuration = "10s")
  void anyFile(byte[] bytes) throws IOException {
    Path block = Files.createTempDirectory("block");
    Path file = block.resolve(bytes.length % 3 == 0 ? "tombstones" : "index");
    Path meta = block.resolve("meta.json");
    try {
      Files.write(file, bytes);
      Files.writeString(meta, META);
      ReadBlock read = ReadBlock.of(block);
      assertThat(read.samples()).isZero();
    } catch (DamagedBlock | java.nio.file.NoSuchFileException e) {
      assertThat(e.getMessage()).contains(block.toString());
    } finally {
      Files.delete(file);
      Files.delete(meta);
      Files.delete(block);
    }
  }

  @FuzzTest(maxDuration = "5s")
  void anyStream(byte[] bytes) {
    ChunkStream.Reader reader = new ChunkStream.Reader(new ByteArrayInputStream(bytes));
    try {
      while (reader.next() != null) {
        assertThat(bytes.length).isPositive();
      }
    } catch (IOException e) {
      assertThat(bytes.length).isGreaterThanOrEqualTo(0);
    }
  }
}
