// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.rows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.Matcher;
import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.TimeRange;
import io.skopos.model.UtcDay;
import io.skopos.storage.damage.DamagedFile;
import io.skopos.storage.manifest.Manifest;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RowStoreTest {

  private static final TenantId TENANT = new TenantId("a");
  private static final UtcDay DAY = UtcDay.parse("2026-03-01");
  private static final long TIME = DAY.startMs() + 5;
  private static final RowQuery ALL =
      new RowQuery(Long.MIN_VALUE, Long.MAX_VALUE, List.of(), false);
  private static final RowSchema SCHEMA =
      schema(new RowSchema.ColumnSpec("title", ColumnType.BYTES, true));

  @TempDir private Path directory;

  private static RowSchema schema(RowSchema.ColumnSpec column) {
    return new RowSchema(
        Signal.EVENTS,
        List.of(new RowSchema.ColumnSpec("id", ColumnType.BYTES, false), column),
        List.of("id"),
        1);
  }

  private RowsOnGround open(RowSchema schema) throws Exception {
    return new RowsOnGround(directory, schema, InstantSource.system(), true);
  }

  private static RowBlock row(String id, String title) {
    return new RowBlockBuilder().row(TIME).text("id", id).text("title", title).build();
  }

  @Test
  void aDeletedRowDoesNotUncoverTheOneItHadReplaced() throws Exception {
    try (RowsOnGround rows = open(SCHEMA)) {
      rows.append(TENANT, row("1", "old"));
      rows.flush();
      rows.append(TENANT, row("1", "new"));
      rows.delete(TENANT, Matcher.equal("title", "new"), TimeRange.ALL);
      assertThat(rows.scan(TENANT, ALL, 9)).as("in the head").isEmpty();
      rows.flush();
      assertThat(rows.scan(TENANT, ALL, 9)).as("in parts").isEmpty();
      Manifest manifest =
          Objects.requireNonNull(rows.ground.manifests().get(TENANT, Signal.EVENTS, DAY));
      assertThat(manifest.parts()).hasSize(2);
      assertThat(
              rows.store.merge(TENANT, DAY, manifest.parts().subList(1, 2), manifest.deletions()))
          .as("a merge without the old one keeps the tombstone")
          .isNotNull();
      assertThat(rows.store.merge(TENANT, DAY, manifest.parts(), manifest.deletions()))
          .as("a merge with it does not")
          .isNull();
      rows.append(TENANT, row("1", "again"));
      assertThat(rows.scan(TENANT, ALL, 9)).containsExactly(TIME + " {id=b1, title=bagain}");
    }
  }

  @Test
  void ofEqualIdentitiesInOneBatchTheLastIsSeen() throws Exception {
    try (RowsOnGround rows = open(SCHEMA)) {
      RowBlockBuilder twice = new RowBlockBuilder();
      twice.row(TIME).text("id", "1").text("title", "first");
      twice.row(TIME).text("id", "1").text("title", "second");
      rows.append(TENANT, twice.build());
      assertThat(rows.scan(TENANT, ALL, 9)).containsExactly(TIME + " {id=b1, title=bsecond}");
      rows.flush();
      assertThat(rows.scan(TENANT, ALL, 9)).containsExactly(TIME + " {id=b1, title=bsecond}");
    }
  }

  @Test
  void aDamagedPageIsLeftOutNamedAndListed() throws Exception {
    try (RowsOnGround rows = open(SCHEMA)) {
      rows.append(TENANT, row("1", "one"));
      rows.append(TENANT, new RowBlockBuilder().row(TIME + UtcDay.MILLIS).text("id", "2").build());
      rows.flush();
      Manifest manifest =
          Objects.requireNonNull(rows.ground.manifests().get(TENANT, Signal.EVENTS, DAY));
      String object = manifest.parts().getFirst().object();
      List<Path> files;
      try (var walk = Files.walk(directory)) {
        files = walk.filter(path -> path.toString().endsWith(object)).toList();
      }
      assertThat(files).hasSize(1);
      byte[] bytes = Files.readAllBytes(files.getFirst());
      bytes[26] ^= 1;
      Files.write(files.getFirst(), bytes);
      List<String> found = rows.scan(TENANT, ALL, 9);
      assertThat(found.getFirst()).isEqualTo(TIME + UtcDay.MILLIS + " {id=b2}");
      assertThat(found.get(1)).startsWith("rows are left out: part " + object + " is damaged at ");
      assertThat(rows.ground.damagedFiles())
          .singleElement()
          .returns(DamagedFile.Kind.PART, DamagedFile::kind)
          .returns(object, DamagedFile::file);
    }
  }

  @Test
  void aColumnOfAnotherTypeThanTheSchemasIsDamage() throws Exception {
    try (RowsOnGround rows = open(SCHEMA)) {
      rows.append(TENANT, row("1", "one"));
      assertThatThrownBy(() ->
              rows.append(TENANT, new RowBlockBuilder().row(TIME).integer("title", 1).build()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("column 'title' cannot hold INTEGER in EVENTS");
    }
    try (RowsOnGround rows =
        open(schema(new RowSchema.ColumnSpec("title", ColumnType.INTEGER, false)))) {
      assertThat(rows.scan(TENANT, ALL, 9))
          .singleElement()
          .asString()
          .endsWith("row footer: column 'title' cannot hold BYTES");
      assertThat(rows.ground.damagedFiles()).hasSize(1);
    }
  }

  @Test
  void attributesThatAllDifferFitIntoSmallBlocks() throws Exception {
    try (RowsOnGround rows = open(SCHEMA)) {
      List<String> expected = new ArrayList<>();
      for (int batch = 0; batch < 12; batch++) {
        RowBlockBuilder builder = new RowBlockBuilder();
        for (int i = 0; i < 25; i++) {
          String id = "%03d".formatted(batch * 25 + i);
          builder.row(TIME).text("id", id);
          for (int attribute = 0; attribute < 64; attribute++) {
            builder.text("label." + id + "." + attribute, "v");
          }
        }
        RowBlock block = builder.build();
        for (int i = 0; i < block.rows(); i++) {
          expected.add(RandomBlocks.text(block, i));
        }
        rows.append(TENANT, block);
      }
      rows.flush();
      assertThat(rows.scan(TENANT, ALL, 1000)).isEqualTo(expected);
      Manifest manifest =
          Objects.requireNonNull(rows.ground.manifests().get(TENANT, Signal.EVENTS, DAY));
      RowPart part =
          rows.ground
              .parts()
              .opened(
                  TENANT,
                  Signal.EVENTS,
                  DAY,
                  manifest.parts().getFirst(),
                  reader -> RowPart.open(SCHEMA, reader));
      assertThat(part.blocks()).isGreaterThan(1);
      for (int block = 0; block < part.blocks(); block++) {
        assertThat(part.block(block).columns()).hasSizeLessThan(RowLimits.ATTRIBUTE_PAGES + 2);
      }
    }
  }

  /** Readers beside a writer that appends, flushes and merges never miss what was there before. */
  @Test
  void nothingIsMissingWhileRowsMoveIntoParts() throws Exception {
    AtomicInteger appended = new AtomicInteger();
    AtomicBoolean done = new AtomicBoolean();
    try (RowsOnGround rows = open(SCHEMA);
        ExecutorService readers = Executors.newFixedThreadPool(2)) {
      List<Future<Integer>> checks = new ArrayList<>();
      for (int reader = 0; reader < 2; reader++) {
        checks.add(
            readers.submit(() -> {
              int reads = 0;
              do {
                int least = appended.get();
                List<String> found = rows.scan(TENANT, ALL, Integer.MAX_VALUE);
                assertThat(found)
                    .doesNotHaveDuplicates()
                    .hasSizeBetween(least, appended.get() + 1)
                    .noneMatch(text -> text.contains("left out"));
                reads++;
              } while (!done.get());
              return reads;
            }));
      }
      try {
        for (int i = 0; i < 150; i++) {
          rows.append(TENANT, row("id" + i, "some title"));
          appended.incrementAndGet();
          if (i % 10 == 9) {
            rows.flush();
          }
          if (i % 25 == 24) {
            rows.ground.maintain();
          }
        }
      } finally {
        done.set(true);
      }
      for (Future<Integer> check : checks) {
        assertThat(check.get()).isPositive();
      }
    }
  }
}
