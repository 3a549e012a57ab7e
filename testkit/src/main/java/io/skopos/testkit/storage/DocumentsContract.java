// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.model.TenantId;
import io.skopos.storage.documents.Document;
import io.skopos.storage.documents.DocumentConflict;
import io.skopos.storage.documents.DocumentTooLarge;
import io.skopos.storage.documents.Documents;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link Documents} does. */
public abstract class DocumentsContract {

  private static final TenantId TENANT = new TenantId("shop");
  private static final String KIND = "dashboard";

  private Documents documents;

  /** Documents without any document. */
  protected abstract Documents documents() throws IOException;

  @BeforeEach
  void prepare() throws IOException {
    documents = documents();
  }

  @Test
  void aDocumentIsCreatedChangedAndRemoved() throws IOException {
    Document first = documents.create(TENANT, KIND, "home", bytes("1"));
    assertThat(first.version()).isEqualTo(1);
    assertSame(requireNonNull(documents.get(TENANT, KIND, "home")), first);
    Document second = documents.change(TENANT, KIND, "home", first.etag(), bytes("2"));
    assertThat(second.version()).isEqualTo(2);
    assertThat(second.etag()).isNotEqualTo(first.etag());
    assertThat(second.created()).isEqualTo(first.created());
    assertSame(requireNonNull(documents.get(TENANT, KIND, "home")), second);
    documents.remove(TENANT, KIND, "home", second.etag());
    assertThat(documents.get(TENANT, KIND, "home")).isNull();
  }

  @Test
  void whoHasNotReadTheVersionCannotChangeIt() throws IOException {
    Document first = documents.create(TENANT, KIND, "home", bytes("1"));
    Document second = documents.change(TENANT, KIND, "home", first.etag(), bytes("2"));
    assertThatThrownBy(() -> documents.change(TENANT, KIND, "home", first.etag(), bytes("3")))
        .isInstanceOf(DocumentConflict.class)
        .hasMessageContaining("home")
        .hasMessageContaining(second.etag());
    assertThatThrownBy(() -> documents.remove(TENANT, KIND, "home", first.etag()))
        .isInstanceOf(DocumentConflict.class);
    assertThatThrownBy(() -> documents.create(TENANT, KIND, "home", bytes("4")))
        .isInstanceOf(DocumentConflict.class);
    assertThatThrownBy(() -> documents.change(TENANT, KIND, "none", first.etag(), bytes("3")))
        .isInstanceOf(DocumentConflict.class);
    assertThat(requireNonNull(documents.get(TENANT, KIND, "home")).content()).isEqualTo(bytes("2"));
  }

  @Test
  void aDocumentCreatedAgainIsAnotherOne() throws IOException {
    Document first = documents.create(TENANT, KIND, "home", bytes("1"));
    documents.remove(TENANT, KIND, "home", first.etag());
    documents.create(TENANT, KIND, "home", bytes("1"));
    assertThatThrownBy(() -> documents.change(TENANT, KIND, "home", first.etag(), bytes("2")))
        .isInstanceOf(DocumentConflict.class);
  }

  @Test
  void tenantsAndKindsDoNotMeet() throws IOException {
    documents.create(TENANT, KIND, "home", bytes("1"));
    assertThat(documents.get(new TenantId("other"), KIND, "home")).isNull();
    assertThat(documents.get(TENANT, "silence", "home")).isNull();
    assertThat(documents.list(new TenantId("other"), KIND, "", 10)).isEmpty();
    assertThat(documents.list(TENANT, "dash", "", 10)).isEmpty();
  }

  @Test
  void anyTextIsAName() throws IOException {
    List<String> names =
        List.of(
            "a", "A", "..", ".", "a/b", "ä ö", "!", "!21", "日本語", "x".repeat(80), "\ud83d\ude00");
    for (String name : names) {
      documents.create(TENANT, KIND, name, bytes(name));
    }
    for (String name : names) {
      Document found = requireNonNull(documents.get(TENANT, KIND, name), name);
      assertThat(found.name()).isEqualTo(name);
      assertThat(found.content()).isEqualTo(bytes(name));
    }
    for (int limit : new int[] {1, 3, 100}) {
      Set<String> listed = new TreeSet<>();
      List<Document> page = documents.list(TENANT, KIND, "", limit);
      while (!page.isEmpty()) {
        assertThat(page.size()).isLessThanOrEqualTo(limit);
        page.forEach(document -> assertThat(listed.add(document.name())).isTrue());
        page = documents.list(TENANT, KIND, page.getLast().name(), limit);
      }
      assertThat(listed).containsExactlyInAnyOrderElementsOf(names);
    }
  }

  @Test
  void badNamesAndKindsAreRefused() {
    for (String name : List.of("", "x".repeat(81), "a\nb", "\ud83d", "a\0")) {
      assertThatThrownBy(() -> documents.create(TENANT, KIND, name, bytes("1")))
          .as("name '%s'", name)
          .isInstanceOf(IllegalArgumentException.class);
    }
    for (String kind : List.of("", "A", "a/b", "1", "a_b", "x".repeat(64))) {
      assertThatThrownBy(() -> documents.get(TENANT, kind, "name"))
          .as("kind '%s'", kind)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void contentIsBounded() throws IOException {
    Document fits = documents.create(TENANT, KIND, "fits", new byte[documents.maxBytes()]);
    byte[] large = new byte[documents.maxBytes() + 1];
    assertThatThrownBy(() -> documents.create(TENANT, KIND, "large", large))
        .isInstanceOf(DocumentTooLarge.class)
        .hasMessageContaining(Integer.toString(documents.maxBytes()))
        .hasMessageContaining("large");
    assertThatThrownBy(() -> documents.change(TENANT, KIND, "fits", fits.etag(), large))
        .isInstanceOf(DocumentTooLarge.class);
    assertThat(requireNonNull(documents.get(TENANT, KIND, "fits")).version()).isEqualTo(1);
  }

  @Test
  void theCallersArrayIsItsOwn() throws IOException {
    byte[] content = bytes("before");
    Document created = documents.create(TENANT, KIND, "home", content);
    content[0] = 'X';
    assertThat(created.content()).isEqualTo(bytes("before"));
  }

  @Test
  void listenersHearOfTheirKindUntilTheyAreClosed() throws IOException {
    List<String> heard = new ArrayList<>();
    Documents.Watch failing =
        documents.watch(
            KIND,
            (tenant, kind, name, now) -> {
              throw new IllegalStateException("a listener's own trouble");
            });
    Documents.Watch watch =
        documents.watch(
            KIND,
            (tenant, kind, name, now) ->
                heard.add(tenant + "/" + name + ":" + (now == null ? "gone" : now.version())));
    Document first = documents.create(TENANT, KIND, "home", bytes("1"));
    documents.create(TENANT, "silence", "home", bytes("1"));
    Document second = documents.change(TENANT, KIND, "home", first.etag(), bytes("2"));
    assertThatThrownBy(() -> documents.change(TENANT, KIND, "home", first.etag(), bytes("2")))
        .isInstanceOf(DocumentConflict.class);
    documents.remove(TENANT, KIND, "home", second.etag());
    watch.close();
    failing.close();
    documents.create(TENANT, KIND, "home", bytes("1"));
    assertThat(heard).containsExactly("shop/home:1", "shop/home:2", "shop/home:gone");
  }

  @Test
  void noChangeIsLostAmongMany() throws Exception {
    documents.create(TENANT, KIND, "counter", bytes("0"));
    Callable<Integer> count =
        () -> {
          int counted = 0;
          while (counted < 20) {
            Document now = requireNonNull(documents.get(TENANT, KIND, "counter"));
            int value = Integer.parseInt(new String(now.content(), StandardCharsets.UTF_8));
            try {
              documents.change(TENANT, KIND, "counter", now.etag(), bytes("" + (value + 1)));
              counted++;
            } catch (DocumentConflict e) {
              // Somebody else counted; read again.
            }
          }
          return counted;
        };
    try (ExecutorService executor = Executors.newFixedThreadPool(4)) {
      for (Future<Integer> counted : executor.invokeAll(List.of(count, count, count, count))) {
        assertThat(counted.get()).isEqualTo(20);
      }
    }
    Document end = requireNonNull(documents.get(TENANT, KIND, "counter"));
    assertThat(end.content()).isEqualTo(bytes("80"));
    assertThat(end.version()).isEqualTo(81);
  }

  private static void assertSame(Document actual, Document expected) {
    assertThat(actual.etag()).isEqualTo(expected.etag());
    assertThat(actual.content()).isEqualTo(expected.content());
    assertThat(actual.created().toEpochMilli()).isEqualTo(expected.created().toEpochMilli());
    assertThat(actual.changed().toEpochMilli()).isEqualTo(expected.changed().toEpochMilli());
    assertThat(actual.tenant()).isEqualTo(expected.tenant());
    assertThat(actual.kind()).isEqualTo(expected.kind());
    assertThat(actual.name()).isEqualTo(expected.name());
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
