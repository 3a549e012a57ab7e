// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.Signal;
import io.skopos.model.TenantId;
import io.skopos.model.UtcDay;
import io.skopos.storage.manifest.PartEntry;
import io.skopos.storage.pages.Page;
import io.skopos.storage.part.DamagedPart;
import io.skopos.storage.part.PageRef;
import io.skopos.storage.part.PartReader;
import io.skopos.storage.part.PartWriter;
import io.skopos.storage.part.Parts;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Parts} does. */
public abstract class PartsContract {

  protected static final TenantId TENANT = new TenantId("shop");
  protected static final UtcDay DAY = UtcDay.parse("2026-01-31");
  protected static final PartWriter.Summary SUMMARY =
      new PartWriter.Summary(42, DAY.startMs(), DAY.endMs(), 7, 1_000, 2);

  private Parts parts;

  /** Parts without any part, with a page cache of a few MiB. */
  protected abstract Parts parts() throws IOException;

  @BeforeEach
  void prepare() throws IOException {
    parts = parts();
  }

  @Test
  void pagesComeBackAsTheyWereWritten() throws IOException {
    List<byte[]> contents = contents(11);
    List<PageRef> refs = new ArrayList<>();
    PartEntry entry;
    try (PartWriter writer = parts.create(TENANT, Signal.METRICS, DAY)) {
      for (byte[] content : contents) {
        for (PartWriter.Codec codec : PartWriter.Codec.values()) {
          long before = writer.position();
          PageRef ref = writer.page(content, 0, content.length, codec);
          assertThat(ref.offset()).isEqualTo(before);
          assertThat(writer.position()).isEqualTo(before + ref.storedLength());
          refs.add(ref);
        }
      }
      entry = writer.finish(bytes("the wing's footer"), SUMMARY);
    }
    assertThat(entry.rows()).isEqualTo(42);
    assertThat(entry.minTimeMs()).isEqualTo(DAY.startMs());
    assertThat(entry.maxTimeMs()).isEqualTo(DAY.endMs());
    assertThat(entry.minPosition()).isEqualTo(7);
    assertThat(entry.maxPosition()).isEqualTo(1_000);
    assertThat(entry.level()).isEqualTo(2);
    PartReader reader = parts.open(TENANT, Signal.METRICS, DAY, entry);
    assertThat(reader.entry()).isEqualTo(entry);
    assertThat(reader.footer()).isEqualTo(bytes("the wing's footer"));
    for (int round = 0; round < 2; round++) {
      int i = 0;
      for (byte[] content : contents) {
        for (PartWriter.Codec codec : PartWriter.Codec.values()) {
          assertThat(read(reader, refs.get(i++))).as(codec.name()).isEqualTo(content);
        }
      }
    }
  }

  @Test
  void compressionPaysOrIsLeftOut() throws IOException {
    byte[] random = new byte[10_000];
    new SplittableRandom(1).nextBytes(random);
    byte[] text = "all work and no play ".repeat(500).getBytes(StandardCharsets.UTF_8);
    try (PartWriter writer = parts.create(TENANT, Signal.LOGS, DAY)) {
      PageRef raw = writer.page(random, 0, random.length, PartWriter.Codec.COMPRESSED);
      assertThat(raw.storedLength()).isEqualTo(random.length + 5);
      PageRef compressed = writer.page(text, 0, text.length, PartWriter.Codec.COMPRESSED);
      assertThat(compressed.storedLength()).isLessThan(text.length / 10);
      assertThat(compressed.length()).isEqualTo(text.length);
    }
  }

  @Test
  void theCallersArrayMayBeReusedAndOnlyItsPartIsTaken() throws IOException {
    byte[] scratch = bytes("-first-");
    PartEntry entry;
    PageRef first;
    try (PartWriter writer = parts.create(TENANT, Signal.METRICS, DAY)) {
      first = writer.page(scratch, 1, 5, PartWriter.Codec.RAW);
      Arrays.fill(scratch, (byte) 'x');
      entry = writer.finish(new byte[0], SUMMARY);
    }
    PartReader reader = parts.open(TENANT, Signal.METRICS, DAY, entry);
    assertThat(read(reader, first)).isEqualTo(bytes("first"));
    assertThat(reader.footer()).isEmpty();
  }

  @Test
  void largeFootersAndPagesWork() throws IOException {
    byte[] footer = new byte[300_000];
    new SplittableRandom(2).nextBytes(footer);
    byte[] large = new byte[PageRef.MAX_LENGTH];
    new SplittableRandom(3).nextBytes(large);
    PartEntry entry;
    PageRef ref;
    try (PartWriter writer = parts.create(TENANT, Signal.METRICS, DAY)) {
      ref = writer.page(large, 0, large.length, PartWriter.Codec.COMPRESSED);
      assertThatThrownBy(() ->
              writer.page(
                  new byte[PageRef.MAX_LENGTH + 1],
                  0,
                  PageRef.MAX_LENGTH + 1,
                  PartWriter.Codec.RAW))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(Integer.toString(PageRef.MAX_LENGTH));
      entry = writer.finish(footer, SUMMARY);
    }
    PartReader reader = parts.open(TENANT, Signal.METRICS, DAY, entry);
    assertThat(reader.footer()).isEqualTo(footer);
    assertThat(read(reader, ref)).isEqualTo(large);
  }

  @Test
  void aPartOfSomebodyElseIsNotOpened() throws IOException {
    PartEntry entry = write(TENANT, Signal.METRICS, DAY);
    assertThatThrownBy(() -> parts.open(new TenantId("other"), Signal.METRICS, DAY, entry))
        .isInstanceOf(DamagedPart.class)
        .hasMessageContaining(entry.object())
        .hasMessageContaining("shop")
        .hasMessageContaining("other");
    assertThatThrownBy(() -> parts.open(TENANT, Signal.LOGS, DAY, entry))
        .isInstanceOf(DamagedPart.class);
    assertThatThrownBy(() -> parts.open(TENANT, Signal.METRICS, new UtcDay(1), entry))
        .isInstanceOf(DamagedPart.class);
    assertThat(parts.open(TENANT, Signal.METRICS, DAY, entry).entry()).isEqualTo(entry);
  }

  @Test
  void daysOfAnyAgeHaveParts() throws IOException {
    for (int day : new int[] {0, -1, -800_000, 2_932_896, 2_932_897, 100_000_000}) {
      UtcDay utcDay = new UtcDay(day);
      PartEntry entry = write(TENANT, Signal.TRACES, utcDay);
      assertThat(parts.open(TENANT, Signal.TRACES, utcDay, entry).entry()).isEqualTo(entry);
    }
  }

  @Test
  void anUnfinishedPartLeavesNothing() throws IOException {
    PartWriter writer = parts.create(TENANT, Signal.METRICS, DAY);
    writer.page(bytes("page"), 0, 4, PartWriter.Codec.RAW);
    writer.close();
    writer.close();
    assertThat(objectsLeft()).isZero();
  }

  @Test
  void pagesThatCannotLieThereAreRefusedBeforeAnythingIsAllocated() throws IOException {
    PartEntry entry = write(TENANT, Signal.METRICS, DAY);
    PartReader reader = parts.open(TENANT, Signal.METRICS, DAY, entry);
    for (PageRef ref :
        List.of(
            new PageRef(-1, 10, 5),
            new PageRef(0, 10, 5),
            new PageRef(24, 4, 0),
            new PageRef(24, 10, Integer.MAX_VALUE),
            new PageRef(24, Integer.MAX_VALUE, 10),
            new PageRef(24, 10, -1),
            new PageRef(24, 100, 5),
            new PageRef(entry.length(), 10, 5),
            new PageRef(Long.MAX_VALUE, 10, 5))) {
      assertThatThrownBy(() -> reader.page(ref).close())
          .as(ref.toString())
          .isInstanceOf(DamagedPart.class)
          .hasMessageContaining(entry.object());
    }
  }

  @Test
  void aWingsFormIsMadeOnceAndKept() throws Exception {
    PartEntry entry = write(TENANT, Signal.METRICS, DAY);
    AtomicInteger openings = new AtomicInteger();
    Callable<Form> open =
        () ->
            parts.opened(
                TENANT,
                Signal.METRICS,
                DAY,
                entry,
                reader -> {
                  openings.incrementAndGet();
                  return new Form(reader, 100);
                });
    List<Form> forms = new ArrayList<>();
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      for (Future<Form> form : executor.invokeAll(List.of(open, open, open, open))) {
        forms.add(form.get());
      }
    }
    assertThat(forms).allSatisfy(form -> assertThat(form).isSameAs(forms.getFirst()));
    assertThat(openings).hasValue(1);
    assertThat(forms.getFirst().reader.footer()).isEqualTo(bytes("footer"));
  }

  @Test
  void anOpenersFailureIsNotKept() throws IOException {
    PartEntry entry = write(TENANT, Signal.METRICS, DAY);
    assertThatThrownBy(() ->
            parts.opened(
                TENANT,
                Signal.METRICS,
                DAY,
                entry,
                reader -> {
                  throw new DamagedPart("footer of the wing", List.of());
                }))
        .isInstanceOf(DamagedPart.class)
        .hasMessageContaining("footer of the wing");
    Form form = parts.opened(TENANT, Signal.METRICS, DAY, entry, reader -> new Form(reader, 100));
    assertThat(form.reader.entry()).isEqualTo(entry);
  }

  @Test
  void aMissingObjectIsDamage() throws IOException {
    PartEntry entry =
        new PartEntry(
            "parts/shop/metrics/2026-01-31/0.part", 0, 100, 1, DAY.startMs(), DAY.endMs(), 0, 0, 0);
    assertThatThrownBy(() -> parts.open(TENANT, Signal.METRICS, DAY, entry))
        .isInstanceOf(DamagedPart.class)
        .hasMessageContaining(entry.object());
  }

  @Test
  void manyReadAtOnceFromACacheThatIsTooSmall() throws Exception {
    List<byte[]> contents = new ArrayList<>();
    List<PageRef> refs = new ArrayList<>();
    PartEntry entry;
    try (PartWriter writer = parts.create(TENANT, Signal.METRICS, DAY)) {
      SplittableRandom random = new SplittableRandom(5);
      for (int i = 0; i < 300; i++) {
        byte[] content = new byte[random.nextInt(100_000)];
        Arrays.fill(content, (byte) i);
        contents.add(content);
        refs.add(writer.page(content, 0, content.length, PartWriter.Codec.COMPRESSED));
      }
      entry = writer.finish(new byte[0], SUMMARY);
    }
    PartReader reader = parts.open(TENANT, Signal.METRICS, DAY, entry);
    List<Callable<Void>> readers = new ArrayList<>();
    for (int thread = 0; thread < 4; thread++) {
      SplittableRandom random = new SplittableRandom(thread);
      readers.add(() -> {
        for (int i = 0; i < 1_000; i++) {
          int page = random.nextInt(refs.size());
          assertThat(Arrays.equals(read(reader, refs.get(page)), contents.get(page))).isTrue();
        }
        return null;
      });
    }
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      for (Future<Void> done : executor.invokeAll(readers)) {
        done.get();
      }
    }
  }

  /** How many objects lie in the store behind the parts. */
  protected abstract int objectsLeft() throws IOException;

  private PartEntry write(TenantId tenant, Signal signal, UtcDay day) throws IOException {
    try (PartWriter writer = parts.create(tenant, signal, day)) {
      writer.page(bytes("some page"), 0, 9, PartWriter.Codec.COMPRESSED);
      return writer.finish(bytes("footer"), SUMMARY);
    }
  }

  private static List<byte[]> contents(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    List<byte[]> contents = new ArrayList<>();
    for (int length : new int[] {0, 1, 15, 16, 17, 127, 128, 4_096, 65_536, 300_000}) {
      byte[] noise = new byte[length];
      random.nextBytes(noise);
      contents.add(noise);
      byte[] steps = new byte[length];
      for (int i = 0; i < length; i++) {
        steps[i] = (byte) (i / 100);
      }
      contents.add(steps);
    }
    return contents;
  }

  private static byte[] read(PartReader reader, PageRef ref) throws IOException {
    try (Page page = reader.page(ref)) {
      return page.bytes().toArray(ValueLayout.JAVA_BYTE);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private record Form(PartReader reader, long heapBytes) implements Parts.Opened {}
}
