// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

import io.skopos.ingest.http.Deadline;
import io.skopos.ingest.http.FetchFailure;
import io.skopos.ingest.http.HttpAnswer;
import io.skopos.ingest.http.HttpCall;
import io.skopos.ingest.http.HttpClient;
import io.skopos.ingest.json.JsonValue;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the objects of one kind and namespace: lists them in pages, then watches what changes from
 * the list's version on, and lists anew when the server no longer knows that version (410). Of each
 * object only what {@code keep} makes of it is kept. One thread.
 */
final class ObjectWatch<T> {

  private static final Logger log = LoggerFactory.getLogger(ObjectWatch.class);

  private static final int PAGE = 500;
  private static final int MAX_PAGE_BYTES = 256 << 20;
  private static final int MAX_EVENT_BYTES = 16 << 20;
  private static final int GONE = 410;
  private static final Duration LIST_TIMEOUT = Duration.ofSeconds(60);
  private static final long FIRST_RETRY_MS = 500;
  private static final long LONGEST_RETRY_MS = 30_000;

  private final HttpClient client;
  private final URI url;
  private final String selection;
  private final Function<JsonValue, T> keep;
  private final WatchListener listener;
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private Map<ObjectKey, T> objects = new HashMap<>();
  private boolean listed;

  /** Hears of changes and troubles, on the watch's thread. */
  interface WatchListener {
    void changed();

    /** The server answers. */
    void works(URI url);

    void failed(URI url, String problem);
  }

  /** The version is no longer known; only a new list helps. */
  private static final class Outdated extends Exception {

    private static final long serialVersionUID = 1L;
  }

  /**
   * @param url of the list
   */
  ObjectWatch(
      HttpClient client,
      URI url,
      KubernetesDiscoverySettings.@Nullable Selector selector,
      Function<JsonValue, T> keep,
      WatchListener listener,
      ThreadFactory threads) {
    this.client = client;
    this.url = url;
    this.selection =
        selector == null
            ? ""
            : parameter("labelSelector", selector.label())
                + parameter("fieldSelector", selector.field());
    this.keep = keep;
    this.listener = listener;
    this.thread = threads.newThread(this::run);
  }

  void start() {
    thread.start();
  }

  /** Whether everything was listed once. */
  synchronized boolean isComplete() {
    return listed;
  }

  /** A copy of what there is now. */
  synchronized Map<ObjectKey, T> objects() {
    return new HashMap<>(objects);
  }

  void close() {
    closed.countDown();
    thread.interrupt();
  }

  private void run() {
    long retryMs = FIRST_RETRY_MS;
    String version = "";
    try {
      while (closed.getCount() > 0) {
        try {
          if (version.isEmpty()) {
            version = list();
          }
          version = watch(version);
          retryMs = FIRST_RETRY_MS;
          continue;
        } catch (Outdated e) {
          log.debug("listing {} again: its version is too old to be watched from", url);
          version = "";
        } catch (FetchFailure | JsonValue.Malformed e) {
          listener.failed(url, url + ": " + e.getMessage());
        } catch (RuntimeException e) {
          log.error("watching {} failed by a defect of ours", url, e);
          listener.failed(url, url + ": a defect of the discovery: " + e);
          version = "";
        }
        if (closed.await(retryMs, TimeUnit.MILLISECONDS)) {
          return;
        }
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      }
    } catch (InterruptedException e) {
      log.trace("the watch on {} was closed", url, e);
    }
  }

  /** Returns the list's version. */
  private String list() throws FetchFailure, JsonValue.Malformed, Outdated, InterruptedException {
    Map<ObjectKey, T> found = new HashMap<>();
    String next = "";
    String version;
    do {
      String query =
          "limit=" + PAGE + selection + (next.isEmpty() ? "" : parameter("continue", next));
      JsonValue page = page(query);
      for (JsonValue item : page.get("items").list()) {
        found.put(key(item), keep.apply(item));
      }
      version = page.get("metadata", "resourceVersion").text();
      next = page.get("metadata", "continue").text();
    } while (!next.isEmpty());
    synchronized (this) {
      objects = found;
      listed = true;
    }
    listener.changed();
    return version;
  }

  private JsonValue page(String query)
      throws FetchFailure, JsonValue.Malformed, Outdated, InterruptedException {
    try (HttpAnswer answer = get(query, Deadline.in(LIST_TIMEOUT))) {
      return JsonValue.parse(answer.bytes(MAX_PAGE_BYTES));
    }
  }

  private HttpAnswer get(String query, Deadline deadline)
      throws FetchFailure, Outdated, InterruptedException {
    HttpCall call =
        HttpCall.get(URI.create(url + "?" + query), Map.of("Accept", "application/json"));
    HttpAnswer answer = client.send(call, deadline);
    if (answer.status() == 200) {
      listener.works(url);
      return answer;
    }
    try (answer) {
      if (answer.status() == GONE) {
        throw new Outdated();
      }
      throw new FetchFailure(
          "server returned HTTP status " + answer.status() + message(answer.bytes(1 << 20)));
    }
  }

  private static String message(byte[] body) {
    try {
      String message = JsonValue.parse(body).get("message").text();
      return message.isEmpty() ? "" : ": " + message;
    } catch (JsonValue.Malformed e) {
      return "";
    }
  }

  /** Follows changes until the server ends the watch; returns the last version seen. */
  private String watch(String from)
      throws FetchFailure, JsonValue.Malformed, Outdated, InterruptedException {
    int seconds = ThreadLocalRandom.current().nextInt(300, 600);
    String query =
        "watch=true&allowWatchBookmarks=true&timeoutSeconds="
            + seconds
            + parameter("resourceVersion", from)
            + selection;
    String version = from;
    try (HttpAnswer answer = get(query, Deadline.in(Duration.ofSeconds(seconds + 30L)))) {
      for (String line = answer.line(MAX_EVENT_BYTES);
          line != null;
          line = answer.line(MAX_EVENT_BYTES)) {
        if (line.isBlank()) {
          continue;
        }
        JsonValue event = JsonValue.parse(line);
        JsonValue object = event.get("object");
        String type = event.get("type").text();
        if (type.equals("ERROR")) {
          if (object.get("code").number(0) == GONE) {
            throw new Outdated();
          }
          throw new FetchFailure("the watch ended: " + object.get("message").text());
        }
        version = object.get("metadata", "resourceVersion").text();
        if (!type.equals("BOOKMARK")) {
          take(type, object);
        }
      }
    }
    return version;
  }

  private void take(String type, JsonValue object) {
    ObjectKey key = key(object);
    synchronized (this) {
      if (type.equals("DELETED")) {
        objects.remove(key);
      } else {
        objects.put(key, keep.apply(object));
      }
    }
    listener.changed();
  }

  private static ObjectKey key(JsonValue object) {
    return new ObjectKey(
        object.get("metadata", "namespace").text(), object.get("metadata", "name").text());
  }

  private static String parameter(String name, String value) {
    return value.isEmpty()
        ? ""
        : "&" + name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }
}
