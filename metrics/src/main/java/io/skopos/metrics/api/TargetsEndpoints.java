// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import io.skopos.model.TenantId;
import io.skopos.model.config.PrometheusDuration;
import io.skopos.serving.answer.JsonText;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code /api/v1/targets} and {@code /api/v1/scrape_pools}. */
final class TargetsEndpoints {

  /** Go's zero time, which stands for "never". */
  private static final String NEVER = "0001-01-01T00:00:00Z";

  private final TargetsView targets;

  TargetsEndpoints(TargetsView targets) {
    this.targets = targets;
  }

  void register(Routes.Family family) {
    family.get("/api/v1/targets", this::targets);
    family.get(
        "/api/v1/scrape_pools",
        request -> {
          List<String> pools = targets.scrapePools(request.tenant());
          return Answer.of(json -> json.raw("{\"scrapePools\":").strings(pools).raw('}'));
        });
  }

  private Response targets(Request request) {
    Parameters parameters = request.parameters();
    String state = parameters.getOrEmpty("state").toLowerCase(Locale.ROOT);
    String pool = parameters.getOrEmpty("scrapePool");
    TenantId tenant = request.tenant();
    boolean any = state.isEmpty() || state.equals("any");
    boolean withActive = any || state.equals("active");
    boolean withDropped = any || state.equals("dropped");
    List<TargetsView.ActiveTarget> active =
        withActive
            ? targets.active(tenant).stream()
                .filter(target -> pool.isEmpty() || target.scrapePool().equals(pool))
                .toList()
            : List.of();
    List<TargetsView.DroppedTarget> dropped =
        withDropped
            ? targets.dropped(tenant).stream()
                .filter(target -> pool.isEmpty() || target.scrapePool().equals(pool))
                .toList()
            : List.of();
    Map<String, Integer> counts = withDropped ? new TreeMap<>(targets.droppedCounts(tenant)) : null;
    if (counts != null && !pool.isEmpty()) {
      counts.keySet().retainAll(List.of(pool));
    }
    return Answer.of(json -> {
      json.raw("{\"activeTargets\":[");
      for (int i = 0; i < active.size(); i++) {
        json.raw(i == 0 ? "" : ",");
        active(json, active.get(i));
      }
      json.raw("],\"droppedTargets\":[");
      for (int i = 0; i < dropped.size(); i++) {
        json.raw(i == 0 ? "" : ",").raw("{\"discoveredLabels\":");
        json.labels(dropped.get(i).discoveredLabels());
        json.raw(",\"scrapePool\":").string(dropped.get(i).scrapePool()).raw('}');
      }
      json.raw("],\"droppedTargetCounts\":");
      counts(json, counts);
      json.raw('}');
    });
  }

  private static void active(JsonText json, TargetsView.ActiveTarget target) throws IOException {
    json.raw("{\"discoveredLabels\":").labels(target.discoveredLabels());
    json.raw(",\"labels\":").labels(target.labels());
    json.raw(",\"scrapePool\":").string(target.scrapePool());
    json.raw(",\"scrapeUrl\":").string(target.scrapeUrl());
    json.raw(",\"globalUrl\":").string(target.globalUrl());
    json.raw(",\"lastError\":").string(target.lastError());
    json.raw(",\"lastScrape\":").string(time(target.lastScrape()));
    json.raw(",\"lastScrapeDuration\":").raw(seconds(target.lastScrapeDuration()));
    json.raw(",\"health\":").string(target.health().name().toLowerCase(Locale.ROOT));
    json.raw(",\"scrapeInterval\":").string(PrometheusDuration.format(target.scrapeInterval()));
    json.raw(",\"scrapeTimeout\":").string(PrometheusDuration.format(target.scrapeTimeout()));
    json.raw('}');
  }

  private static void counts(JsonText json, @Nullable Map<String, Integer> counts)
      throws IOException {
    if (counts == null) {
      json.raw("null");
      return;
    }
    json.raw('{');
    boolean first = true;
    for (Map.Entry<String, Integer> count : counts.entrySet()) {
      json.raw(first ? "" : ",").string(count.getKey()).raw(':').integer(count.getValue());
      first = false;
    }
    json.raw('}');
  }

  private static String time(@Nullable Instant time) {
    return time == null ? NEVER : time.toString();
  }

  private static String seconds(Duration duration) {
    return new BigDecimal(duration.toNanos()).movePointLeft(9).stripTrailingZeros().toPlainString();
  }
}
