// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.events.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.events.api.EventsServer.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.api.io.TempDir;

/** The API as a client sees it, over real sockets and a real ground. */
class EventsApiTest {

  @TempDir private static Path directory;
  private static EventsServer server;

  /** Every test has its own. */
  private String tenant;

  @BeforeAll
  static void start() throws Exception {
    server = new EventsServer(directory);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @BeforeEach
  void chooseTenant(TestInfo test) {
    tenant = test.getTestMethod().orElseThrow().getName();
  }

  private Answer post(String json) throws Exception {
    return server.post(tenant, json.getBytes(StandardCharsets.UTF_8));
  }

  private Answer find(String... namesAndValues) throws Exception {
    return server.find(tenant, namesAndValues);
  }

  private Answer added(String json) throws Exception {
    Answer answer = post(json);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(answer.body()).containsEntry("status", "success");
    return answer;
  }

  @Test
  void everyFieldComesBack() throws Exception {
    Map<String, Object> event =
        added(
                """
                {"id":"d-1", "kind":"deploy", "title":" shop 1.2 ", "text":"two\\nlines é",
                 "entities":["service:shop", "host: a b "], "labels":{"by":"ann", "id":"x"},
                 "start":"2026-03-02T09:00:00+01:00", "end":1772438460.25,
                 "link":"https://ci.example/1"}
                """)
            .data();
    assertThat(event)
        .containsExactly(
            Map.entry("id", "d-1"),
            Map.entry("kind", "deploy"),
            Map.entry("title", "shop 1.2"),
            Map.entry("text", "two\nlines é"),
            Map.entry("entities", List.of("service:shop", "host: a b ")),
            Map.entry("labels", Map.of("by", "ann", "id", "x")),
            Map.entry("start", "2026-03-02T08:00:00Z"),
            Map.entry("end", "2026-03-02T08:01:00.250Z"),
            Map.entry("link", "https://ci.example/1"));
    assertThat(server.get(tenant, "/api/v1/events/d-1").data()).isEqualTo(event);
    server.flush();
    assertThat(server.get(tenant, "/api/v1/events/d-1").data()).isEqualTo(event);
    assertThat(find().events()).containsExactly(event);
  }

  @Test
  void aTitleIsEnough() throws Exception {
    Map<String, Object> event = added("{\"title\":\"hello\"}").data();
    assertThat(event)
        .containsEntry("kind", "note")
        .containsEntry("start", "2026-03-02T10:00:00.500Z")
        .doesNotContainKeys("end", "ongoing", "text", "link");
    assertThat((String) event.get("id")).matches("[0-9A-HJKMNP-TV-Z]{26}");
    assertThat(server.get(tenant, "/api/v1/events/" + event.get("id")).data()).isEqualTo(event);
  }

  @Test
  void anArrayIsAnsweredByAnArray() throws Exception {
    List<Map<String, Object>> events =
        added("[{\"title\":\"a\",\"start\":10},{\"title\":\"b\",\"start\":20}]").list();
    assertThat(events).extracting(event -> event.get("title")).containsExactly("a", "b");
    assertThat(events.get(0).get("id")).isNotEqualTo(events.get(1).get("id"));
    assertThat(added("[]").list()).isEmpty();
    assertThat(find("start", "0").titles()).containsExactly("b", "a");
  }

  @Test
  void anEventWithIdAndStartIsReplaced() throws Exception {
    added("{\"id\":\"f\",\"title\":\"broken\",\"start\":1772442000,\"ongoing\":true}");
    assertThat(find().events().getFirst()).containsEntry("ongoing", true);
    server.flush();
    added("{\"id\":\"f\",\"title\":\"mended\",\"start\":1772442000,\"end\":1772442060}");
    for (int round = 0; round < 2; round++) {
      assertThat(find("order", "asc").events())
          .singleElement()
          .returns("mended", event -> event.get("title"))
          .returns("2026-03-02T09:01:00Z", event -> event.get("end"));
      assertThat(find("search", "broken").events()).isEmpty();
      server.flush();
    }
    added("{\"id\":\"f\",\"title\":\"another day\",\"start\":1772528400}");
    assertThat(server.get(tenant, "/api/v1/events/f").data()).containsEntry("title", "another day");
  }

  @Test
  void theLastOfEqualOnesInAnArrayStays() throws Exception {
    added(
        "[{\"id\":\"x\",\"start\":5,\"title\":\"1\"},{\"id\":\"x\",\"start\":5,\"title\":\"2\"}]");
    assertThat(find("start", "0").titles()).containsExactly("2");
  }

  @Test
  void badFieldsAreNamed() throws Exception {
    String long300 = "x".repeat(300);
    String[][] cases = {
      {"", "the body must be a JSON object (an event) or an array of them"},
      {"7", "the body must be a JSON object (an event) or an array of them"},
      {"{\"title\":\"a\"", "the body is not JSON: line 1"},
      {"{\"title\":\"a\"} {}", "something follows the JSON value"},
      {"{}", "title: is needed"},
      {"{\"title\":\"  \"}", "title: is needed"},
      {"{\"title\":7}", "title: must be a text"},
      {"{\"title\":\"" + "é".repeat(257) + "\"}", "title: has 514 bytes, the limit is 512"},
      {"{\"title\":\"\\ud800\"}", "title: has half a surrogate pair"},
      {"{\"ti\\udc00\":\"a\"}", "the body is not JSON: line 1: Invalid UTF-8"},
      {"[{\"title\":\"a\"},{\"titel\":\"b\"}]", "events[1].titel: unknown field; known are id, "},
      {"[{\"title\":\"a\"},7]", "events[1]. must be an object"},
      {"{\"title\":\"a\",\"id\":\"b\"}", "id: an id of your own needs a start"},
      {"{\"title\":\"a\",\"id\":\"b c\",\"start\":1}", "id: 'b c' must be letters, digits"},
      {"{\"title\":\"a\",\"kind\":\"\"}", "kind: '' must be letters"},
      {"{\"title\":\"a\",\"kind\":\"" + long300 + "\"}", "kind: has 300 bytes, the limit is 64"},
      {"{\"title\":\"a\",\"start\":\"yesterday\"}", "start: 'yesterday' is not a time; write "},
      {"{\"title\":\"a\",\"start\":null}", "start: must be a time"},
      {"{\"title\":\"a\",\"start\":1e20}", "start: the time 1e20 is too far away"},
      {"{\"title\":\"a\",\"start\":1e999999999}", "start: '1e999999999' is not a time"},
      {"{\"title\":\"a\",\"start\":5,\"end\":4}", "end: is before the start"},
      {"{\"title\":\"a\",\"start\":5,\"end\":6,\"ongoing\":true}", "ongoing: an event with an end"},
      {"{\"title\":\"a\",\"ongoing\":\"yes\"}", "ongoing: must be true or false"},
      {"{\"title\":\"a\",\"link\":\"javascript:alert(1)\"}", "link: 'javascript:alert(1)' is not"},
      {"{\"title\":\"a\",\"link\":\"not a link\"}", "link: 'not a link' is not an http"},
      {"{\"title\":\"a\",\"entities\":\"service:a\"}", "entities: must be an array"},
      {"{\"title\":\"a\",\"entities\":[\"x:y\",\"shop\"]}", "entities[1]: 'shop' is not kind:name"},
      {"{\"title\":\"a\",\"entities\":[7]}", "entities[0]: must be a text"},
      {"{\"title\":\"a\",\"labels\":[]}", "labels: must be an object of texts"},
      {"{\"title\":\"a\",\"labels\":{\"a\":1}}", "labels.a: must be a text"},
      {"{\"title\":\"a\",\"labels\":{\"\":\"1\"}}", "labels: a label name has 0 bytes"},
      {"{\"title\":\"a\",\"labels\":{\"a\":\"1\",\"a\":\"2\"}}", "labels.a: is given twice"},
      {"{\"title\":\"a\",\"labels\":{\"kind\":\"1\"}}", "labels.kind: is a field of its own"},
      {"{\"title\":\"a\",\"text\":\"" + "x".repeat(16_385) + "\"}", "text: has 16385 bytes, the "},
    };
    for (String[] one : cases) {
      Answer answer = post(one[0]);
      assertThat(answer.status()).as(one[0]).isEqualTo(400);
      assertThat(answer.body())
          .as(one[0])
          .containsEntry("status", "error")
          .containsEntry("errorType", "bad_data");
      assertThat(answer.error()).as(one[0]).startsWith(one[1]);
    }
    assertThat(find("start", "0").events()).as("nothing was kept").isEmpty();
  }

  @Test
  void tooMuchIsRefusedWithTheLimit() throws Exception {
    String event = "{\"title\":\"a\"}";
    Answer many = post("[" + (event + ",").repeat(1000) + event + "]");
    assertThat(many.status()).isEqualTo(400);
    assertThat(many.error()).isEqualTo("more than 1000 events in one request");
    Answer large = post("{\"title\":\"" + "x".repeat(4 << 20) + "\"}");
    assertThat(large.status()).isEqualTo(413);
    assertThat(large.error())
        .isEqualTo("the body has 4194316 bytes, the limit for events is 4194304");
    StringBuilder labels = new StringBuilder("[");
    for (int i = 0; i < 40; i++) {
      labels.append(i == 0 ? "" : ",").append("{\"title\":\"a\",\"labels\":{");
      for (int label = 0; label < 30; label++) {
        labels.append(label == 0 ? "" : ",").append("\"l%d_%d\":\"v\"".formatted(i, label));
      }
      labels.append("}}");
    }
    Answer names = post(labels.append("]").toString());
    assertThat(names.status()).isEqualTo(400);
    assertThat(names.error())
        .startsWith("events[34].labels.l34_4: more than 1024 different label names");
    assertThat(find("start", "0").events()).isEmpty();
  }

  @Test
  void filtersChooseWhatIsShown() throws Exception {
    added(
        """
        [{"title":"Deploy shop", "kind":"deploy", "start":"2026-03-02T08:00:00Z",
          "entities":["service:shop"], "labels":{"team":"blue","env":"prod"}},
         {"title":"Cart is slow", "kind":"fault", "start":"2026-03-01T08:00:00Z", "ongoing":true,
          "entities":["service:cart","host:a"], "labels":{"team":"red","env":"prod"}},
         {"title":"Deploy cart", "kind":"deploy", "start":"2026-03-01T12:00:00Z",
          "end":"2026-03-01T12:10:00Z", "entities":["service:cart"], "labels":{"team":"red"}},
         {"title":"Flag on", "text":"ÜBER fast checkout", "kind":"flag",
          "start":"2026-03-02T09:00:00Z", "entities":["service:shop2"]}]
        """);
    String all = "2026-03-01T00:00:00Z";
    for (int round = 0; round < 2; round++) {
      assertShown(List.of("Flag on", "Deploy shop", "Deploy cart", "Cart is slow"), "start", all);
      assertShown(
          List.of("Cart is slow", "Deploy cart", "Deploy shop", "Flag on"),
          "start",
          all,
          "order",
          "asc");
      // Of the last day by default: what goes on is in it, whenever it began.
      assertShown(List.of("Flag on", "Deploy shop", "Deploy cart", "Cart is slow"));
      assertShown(
          List.of("Deploy cart", "Cart is slow"),
          "start",
          "2026-03-01T12:10:00Z",
          "end",
          "2026-03-01T13:00:00Z");
      assertShown(
          List.of("Cart is slow"), "start", "2026-03-01T12:10:00.001Z", "end", "1772370000");
      assertShown(List.of(), "start", "0", "end", "1772351999");
      assertShown(List.of("Deploy shop", "Deploy cart"), "start", all, "kind", "deploy");
      assertShown(
          List.of("Flag on", "Cart is slow"), "start", all, "kind", "fault", "kind", "flag");
      assertShown(List.of("Deploy shop"), "start", all, "entity", "service:shop");
      assertShown(
          List.of("Flag on", "Cart is slow"),
          "start",
          all,
          "entity",
          "host:a",
          "entity",
          "service:shop2");
      assertShown(List.of("Deploy cart", "Cart is slow"), "start", all, "label", "team=red");
      assertShown(List.of("Flag on", "Deploy shop"), "start", all, "label", "team!=red");
      assertShown(List.of("Deploy shop"), "start", all, "label", "team=~bl.e");
      assertShown(List.of("Flag on"), "start", all, "label", "team!~.+");
      assertShown(List.of("Cart is slow"), "start", all, "label", "team=red", "label", "env=prod");
      assertShown(List.of("Flag on"), "start", all, "label", "kind=flag");
      assertShown(List.of("Flag on"), "start", all, "search", "über FAST");
      assertShown(List.of("Deploy shop", "Deploy cart"), "start", all, "search", "deploy");
      server.flush();
    }
  }

  private void assertShown(List<String> titles, String... query) throws Exception {
    Answer answer = find(query);
    assertThat(answer.status()).as(answer.body().toString()).isEqualTo(200);
    assertThat(answer.titles()).as(String.join(" ", query)).isEqualTo(titles);
    assertThat(answer.body()).doesNotContainKey("warnings");
  }

  @Test
  void badParametersAreNamed() throws Exception {
    String[][] cases = {
      {"limit", "0", "limit: '0' is not a number from 1 to 1000"},
      {"limit", "1001", "limit: '1001' is not a number from 1 to 1000"},
      {"order", "up", "order: must be asc or desc"},
      {"start", "noon", "start: 'noon' is not a time"},
      {"end", "1000", null},
      {"start", "1e12", "start: is after the end"},
      {"label", "team", "label: 'team' is not name=value, "},
      {"label", "team=~(", "label: team=~(: "},
      {"next", "!", "next: is not what an answer gave as next"},
      {"next", "YQ", "next: is not what an answer gave as next"},
    };
    for (String[] one : cases) {
      Answer answer = find(one[0], one[1]);
      if (one[2] == null) {
        assertThat(answer.status()).as(one[0]).isEqualTo(200);
      } else {
        assertThat(answer.status()).as(one[0]).isEqualTo(400);
        assertThat(answer.error()).startsWith(one[2]);
      }
    }
  }

  @Test
  void pagesFollowEachOtherWithoutGapOrRepetition() throws Exception {
    List<String> ids = new ArrayList<>();
    StringBuilder body = new StringBuilder("[");
    for (int i = 0; i < 25; i++) {
      String id = "e%02d".formatted(i);
      ids.add(id);
      // Five share a start, and the days differ.
      body.append(i == 0 ? "" : ",")
          .append("{\"id\":\"%s\",\"title\":\"t\",\"start\":%d}".formatted(id, i / 5 * 40_000));
    }
    added(body.append("]").toString());
    for (int round = 0; round < 2; round++) {
      assertThat(pages("asc")).isEqualTo(ids);
      assertThat(pages("desc")).isEqualTo(ids.reversed());
      server.flush();
    }
  }

  private List<Object> pages(String order) throws Exception {
    List<Object> found = new ArrayList<>();
    Object next = "";
    int pages = 0;
    while (next != null) {
      Answer page = find("start", "0", "limit", "7", "order", order, "next", String.valueOf(next));
      assertThat(page.status()).isEqualTo(200);
      assertThat(page.events()).hasSizeBetween(1, 7);
      page.events().forEach(event -> found.add(event.get("id")));
      next = page.data().get("next");
      pages++;
    }
    assertThat(pages).isEqualTo(4);
    return found;
  }

  @Test
  void tenantsAreApart() throws Exception {
    byte[] body = "{\"id\":\"x\",\"title\":\"a\",\"start\":9}".getBytes(StandardCharsets.UTF_8);
    assertThat(server.post("team-a", body).status()).isEqualTo(200);
    for (int round = 0; round < 2; round++) {
      assertThat(server.get("team-a", "/api/v1/events?start=0").titles()).containsExactly("a");
      assertThat(server.get("team-b", "/api/v1/events?start=0").titles()).isEmpty();
      assertThat(server.get("team-a", "/api/v1/events/x").status()).isEqualTo(200);
      Answer missing = server.get("team-b", "/api/v1/events/x");
      assertThat(missing.status()).isEqualTo(404);
      assertThat(missing.body())
          .containsEntry("status", "error")
          .containsEntry("errorType", "not_found")
          .containsEntry("error", "there is no event x");
      server.flush();
    }
  }

  @Test
  void eventsOutliveARestart() throws Exception {
    added("{\"id\":\"x\",\"title\":\"a\",\"start\":9}");
    server.close();
    server = new EventsServer(directory);
    assertThat(find("start", "0").titles()).containsExactly("a");
  }
}
