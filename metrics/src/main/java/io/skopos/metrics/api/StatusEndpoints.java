// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.metrics.store.SampleSource;
import io.skopos.serving.answer.JsonText;
import io.skopos.web.HttpError;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What {@code /api/v1/status/*} tells about the server. */
final class StatusEndpoints {

  /**
   * The Prometheus whose interface this is. Clients such as Grafana decide by it what they may ask
   * for, so it is not our own version, which stands beside it.
   */
  static final String SPEAKS_PROMETHEUS = "3.5.0";

  private static final int DEFAULT_TSDB_LIMIT = 10;
  private static final int MAX_TSDB_LIMIT = 10_000;

  private final SampleSource source;
  private final ServerView server;
  private final InstantSource clock;

  StatusEndpoints(SampleSource source, ServerView server, InstantSource clock) {
    this.source = source;
    this.server = server;
    this.clock = clock;
  }

  void register(Routes.Family family) {
    family.get("/api/v1/status/config", _ -> config());
    family.get("/api/v1/status/flags", _ -> flags());
    family.get("/api/v1/status/buildinfo", _ -> buildInfo());
    family.get("/api/v1/status/runtimeinfo", _ -> runtimeInfo());
    family.get("/api/v1/status/tsdb", this::tsdb);
    // What Prometheus tells its own web UI about restarts and reloads; there is none of it here.
    family.get("/api/v1/notifications", _ -> Answer.ofStrings(List.of(), 0));
  }

  /** Asked for while the log is being read. */
  void registerBeforeReady(Routes.Family family) {
    family.get("/api/v1/status/walreplay", _ -> walReplay());
  }

  private Response walReplay() {
    ServerView.WalReplay replay = server.walReplay();
    return Answer.of(json -> {
      json.raw("{\"min\":").integer(replay.min());
      json.raw(",\"max\":").integer(replay.max());
      json.raw(",\"current\":").integer(replay.current()).raw('}');
    });
  }

  private Response config() {
    String yaml = server.configYaml();
    return Answer.of(json -> json.raw("{\"yaml\":").string(yaml).raw('}'));
  }

  private Response flags() {
    Map<String, String> flags = new TreeMap<>(server.flags());
    return Answer.of(json -> {
      boolean first = true;
      for (Map.Entry<String, String> flag : flags.entrySet()) {
        json.raw(first ? '{' : ',').string(flag.getKey()).raw(':').string(flag.getValue());
        first = false;
      }
      json.raw(first ? "{}" : "}");
    });
  }

  private Response buildInfo() {
    ServerView.BuildInfo build = server.buildInfo();
    return Answer.of(json -> {
      json.raw("{\"version\":").string(SPEAKS_PROMETHEUS);
      json.raw(",\"revision\":").string(build.revision());
      json.raw(",\"branch\":").string(build.branch());
      json.raw(",\"buildUser\":").string(build.buildUser());
      json.raw(",\"buildDate\":").string(build.buildDate());
      json.raw(",\"goVersion\":\"\",\"application\":\"Skopos\",\"applicationVersion\":");
      json.string(build.version());
      json.raw(",\"javaVersion\":").string(build.javaVersion()).raw('}');
    });
  }

  private Response runtimeInfo() {
    ServerView.RuntimeInfo runtime = server.runtimeInfo();
    String now = clock.instant().toString();
    return Answer.of(json -> {
      json.raw("{\"startTime\":").string(runtime.startTime().toString());
      json.raw(",\"CWD\":").string(runtime.workingDirectory());
      json.raw(",\"hostname\":").string(runtime.hostname());
      json.raw(",\"serverTime\":").string(now);
      json.raw(",\"reloadConfigSuccess\":").raw(Boolean.toString(runtime.reloadConfigSuccess()));
      json.raw(",\"lastConfigTime\":").string(runtime.lastConfigTime().toString());
      json.raw(",\"corruptionCount\":").integer(runtime.corruptionCount());
      json.raw(",\"goroutineCount\":").integer(runtime.threadCount());
      json.raw(",\"GOMAXPROCS\":").integer(runtime.processors());
      json.raw(",\"GOMEMLIMIT\":").integer(runtime.memoryLimitBytes());
      json.raw(",\"GOGC\":\"\",\"GODEBUG\":\"\",\"storageRetention\":");
      json.string(runtime.storageRetention()).raw('}');
    });
  }

  private Response tsdb(Request request) {
    int limit = tsdbLimit(request.parameters().getOrEmpty("limit"));
    SampleSource.Cardinality counts = source.cardinality(request.tenant(), limit);
    return Answer.of(json -> {
      json.raw("{\"headStats\":{\"numSeries\":").integer(counts.series());
      json.raw(",\"numLabelPairs\":").integer(counts.labelPairs());
      json.raw(",\"chunkCount\":").integer(counts.chunks());
      json.raw(",\"minTime\":").integer(counts.minTimeMs());
      json.raw(",\"maxTime\":").integer(counts.maxTimeMs()).raw('}');
      list(json, "seriesCountByMetricName", counts.seriesByMetricName());
      list(json, "labelValueCountByLabelName", counts.valuesByLabelName());
      list(json, "memoryInBytesByLabelName", counts.bytesByLabelName());
      list(json, "seriesCountByLabelValuePair", counts.seriesByLabelPair());
      json.raw('}');
    });
  }

  private static int tsdbLimit(String text) {
    if (text.isEmpty()) {
      return DEFAULT_TSDB_LIMIT;
    }
    int limit;
    try {
      limit = Integer.parseInt(text);
    } catch (NumberFormatException e) {
      limit = 0;
    }
    if (limit < 1) {
      throw HttpError.badData("limit must be a positive number");
    }
    if (limit > MAX_TSDB_LIMIT) {
      throw HttpError.badData("limit must not exceed " + MAX_TSDB_LIMIT);
    }
    return limit;
  }

  private static void list(JsonText json, String key, List<SampleSource.NamedCount> counts)
      throws IOException {
    json.raw(",\"" + key + "\":[");
    boolean first = true;
    for (SampleSource.NamedCount count : counts) {
      json.raw(first ? "{\"name\":" : ",{\"name\":").string(count.name());
      json.raw(",\"value\":").integer(count.count()).raw('}');
      first = false;
    }
    json.raw(']');
  }
}
