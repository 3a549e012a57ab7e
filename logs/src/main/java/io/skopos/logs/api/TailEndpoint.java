// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.api;

import io.skopos.logs.LogsByTenant;
import io.skopos.logs.language.Direction;
import io.skopos.logs.language.EntriesRequest;
import io.skopos.logs.language.LogEntry;
import io.skopos.logs.language.LogStream;
import io.skopos.logs.language.LogqlEngine;
import io.skopos.logs.language.LogqlQuery;
import io.skopos.logs.language.QueryRefused;
import io.skopos.logs.language.TailQuery;
import io.skopos.logs.language.parse.ParseFailed;
import io.skopos.model.Labels;
import io.skopos.serving.answer.JsonText;
import io.skopos.serving.query.QueryDescription;
import io.skopos.serving.query.QueryRunner;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Routes;
import io.skopos.web.Socket;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ThreadFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code tail}: over a WebSocket the last entries of a query, then those that come in. Each
 * listener has a thread that waits, and a bounded queue; what it is too slow for comes as {@code
 * dropped_entries}.
 */
final class TailEndpoint {

  private static final Logger LOG = LoggerFactory.getLogger(TailEndpoint.class);
  private static final long MILLI = 1_000_000;
  private static final int MAX_DELAY_SECONDS = 5;
  private static final long WAIT_MS = 10_000;
  private static final int MESSAGE_ENTRIES = 1000;

  private final LogqlEngine engine;
  private final QueryRunner runner;
  private final LogsByTenant configs;
  private final Tails tails;
  private final ThreadFactory threads;
  private final InstantSource clock;

  TailEndpoint(
      LogqlEngine engine,
      QueryRunner runner,
      LogsByTenant configs,
      Tails tails,
      ThreadFactory threads,
      InstantSource clock) {
    this.engine = engine;
    this.runner = runner;
    this.configs = configs;
    this.tails = tails;
    this.threads = threads;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.socket("/loki/api/v1/tail", this::open);
    family.socket("/api/prom/tail", this::open);
  }

  private void open(Request request, Socket socket) {
    Parameters parameters = request.parameters();
    String text = parameters.getOrEmpty("query");
    int delaySeconds =
        parameters.getOrEmpty("delay_for").isEmpty()
                || parameters.getOrEmpty("delay_for").equals("0")
            ? 0
            : LokiParameters.limit(parameters, "delay_for", 0);
    if (delaySeconds > MAX_DELAY_SECONDS) {
      throw HttpError.badData("delay_for can't be greater than " + MAX_DELAY_SECONDS);
    }
    int limit = LokiParameters.limit(parameters);
    if (limit > configs.of(request.tenant()).maxEntries()) {
      throw HttpError.badData("limit is more than logs.max_entries");
    }
    long nowNs = clock.millis() * MILLI;
    long startNs = LokiParameters.time(parameters, "start", nowNs - 3600 * LokiParameters.SECOND);
    LogqlQuery query;
    TailQuery tail;
    try {
      query = LogqlQuery.parse(text);
      tail = LogqlEngine.tail(query);
    } catch (ParseFailed | QueryRefused e) {
      throw HttpError.badData(String.valueOf(e.getMessage()));
    }
    TailQueue queue = new TailQueue();
    tails.add(request.tenant(), queue, configs.of(request.tenant()).maxTails());
    socket.onClose(() -> {
      tails.remove(request.tenant(), queue);
      queue.close();
    });
    // Listens already, so that nothing falls between what was there and what comes.
    List<LogStream> before =
        startNs > nowNs
            ? List.of()
            : runner.run(
                request,
                QueryDescription.range(
                    text, Math.floorDiv(startNs, MILLI), Math.floorDiv(nowNs, MILLI), 0),
                asked ->
                    engine
                        .entries(
                            request.tenant(),
                            query,
                            new EntriesRequest(
                                startNs, Long.MAX_VALUE, limit, Direction.BACKWARD, 0),
                            asked.budget())
                        .streams());
    Thread listener =
        threads.newThread(() -> listen(socket, queue, tail, before, startNs, delaySeconds));
    listener.start();
  }

  private static void listen(
      Socket socket,
      TailQueue queue,
      TailQuery tail,
      List<LogStream> before,
      long startNs,
      int delaySeconds) {
    try {
      Set<LogEntry> sent = new HashSet<>();
      List<LogEntry> entries = new ArrayList<>();
      before.forEach(stream -> entries.addAll(stream.entries()));
      sent.addAll(entries);
      while (!queue.isClosed()) {
        send(socket, entries, List.of());
        TailQueue.Taken taken = queue.take(WAIT_MS);
        if (delaySeconds > 0 && !taken.runs().isEmpty()) {
          Thread.sleep(delaySeconds * 1000L);
          TailQueue.Taken more = queue.take(1);
          taken.runs().addAll(more.runs());
          taken.dropped().addAll(more.dropped());
        }
        for (AppendedRun run : taken.runs()) {
          if (tail.matches(run.stream())) {
            tail.apply(
                run,
                startNs,
                entry -> {
                  if (!sent.remove(entry)) {
                    entries.add(entry);
                  }
                });
          }
        }
        if (!taken.dropped().isEmpty()) {
          List<TailQueue.Dropped> missed =
              taken.dropped().stream().filter(lost -> tail.matches(lost.stream())).toList();
          send(socket, entries, missed);
        }
      }
    } catch (IOException e) {
      LOG.debug("tail: {}", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("A tail failed", e);
    } finally {
      socket.close("");
    }
  }

  /** In messages of a readable size. */
  private static void send(Socket socket, List<LogEntry> entries, List<TailQueue.Dropped> dropped)
      throws IOException {
    List<TailQueue.Dropped> untold = dropped;
    for (int from = 0; from < entries.size() || !untold.isEmpty(); from += MESSAGE_ENTRIES) {
      int to = Math.min(entries.size(), from + MESSAGE_ENTRIES);
      socket.send(message(new ArrayList<>(entries.subList(Math.min(from, to), to)), untold));
      untold = List.of();
    }
    entries.clear();
  }

  private static String message(List<LogEntry> entries, List<TailQueue.Dropped> dropped)
      throws IOException {
    Map<Labels, List<LogEntry>> byLabels = new TreeMap<>();
    entries.sort(Comparator.comparingLong(LogEntry::timeNs));
    for (LogEntry entry : entries) {
      byLabels.computeIfAbsent(entry.labels().all(), _ -> new ArrayList<>()).add(entry);
    }
    List<LogStream> streams = new ArrayList<>();
    byLabels.forEach((labels, own) -> streams.add(new LogStream(labels, own)));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    JsonText json = new JsonText(out);
    json.raw("{\"streams\":");
    StreamsJson.write(json, streams, false);
    if (!dropped.isEmpty()) {
      json.raw(",\"dropped_entries\":[");
      for (int i = 0; i < dropped.size(); i++) {
        json.raw(i == 0 ? "{\"labels\":" : ",{\"labels\":").labels(dropped.get(i).stream());
        json.raw(",\"timestamp\":\"").integer(dropped.get(i).timeNs()).raw("\"}");
      }
      json.raw(']');
    }
    json.raw('}').flush();
    return out.toString(StandardCharsets.UTF_8);
  }
}
