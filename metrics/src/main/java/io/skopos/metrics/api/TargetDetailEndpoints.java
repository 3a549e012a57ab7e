// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import io.skopos.metrics.api.TargetsView.RelabelStep;
import io.skopos.metrics.api.TargetsView.Scrape;
import io.skopos.metrics.api.TargetsView.TargetHistory;
import io.skopos.metrics.api.TargetsView.TargetMetadata;
import io.skopos.metrics.language.parse.ParseFailed;
import io.skopos.metrics.language.parse.ParserOptions;
import io.skopos.metrics.language.parse.PromqlParser;
import io.skopos.model.Labels;
import io.skopos.model.LabelsBuilder;
import io.skopos.serving.answer.JsonText;
import io.skopos.web.HttpError;
import io.skopos.web.Parameters;
import io.skopos.web.Request;
import io.skopos.web.Response;
import io.skopos.web.Routes;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * What is known of targets beside their state: {@code /api/v1/targets/metadata}, {@code
 * /api/v1/targets/relabel_steps}, {@code /api/v1/status/scrapes} and {@code
 * /api/v1/status/discoveries}.
 */
final class TargetDetailEndpoints {

  private static final JsonFactory JSON = new JsonFactory();

  private final TargetsView targets;
  private final PromqlParser parser = new PromqlParser(ParserOptions.ALL);

  TargetDetailEndpoints(TargetsView targets) {
    this.targets = targets;
  }

  void register(Routes.Family family) {
    family.get("/api/v1/targets/metadata", this::metadata);
    family.getOrPost("/api/v1/targets/relabel_steps", this::relabelSteps);
    family.get("/api/v1/status/scrapes", this::scrapes);
    family.get("/api/v1/status/discoveries", this::discoveries);
  }

  private Response metadata(Request request) {
    Parameters parameters = request.parameters();
    String limitText = parameters.getOrEmpty("limit");
    int limit = limitText.startsWith("-") ? 0 : QueryParameters.limit(parameters);
    String metric = parameters.getOrEmpty("metric");
    Predicate<Labels> condition = condition(parameters.getOrEmpty("match_target"));
    List<TargetMetadata> found =
        targets.metadata(
            request.tenant(), condition, metric, limit == 0 ? Integer.MAX_VALUE : limit);
    return Answer.of(json -> {
      json.raw('[');
      for (int i = 0; i < found.size(); i++) {
        TargetMetadata one = found.get(i);
        json.raw(i == 0 ? "" : ",").raw("{\"target\":").labels(one.target());
        if (metric.isEmpty()) {
          json.raw(",\"metric\":").string(one.metric());
        }
        json.raw(",\"type\":").string(one.metadata().type());
        json.raw(",\"help\":").string(one.metadata().help());
        json.raw(",\"unit\":").string(one.metadata().unit()).raw('}');
      }
      json.raw(']');
    });
  }

  private Predicate<Labels> condition(String selector) {
    if (selector.isEmpty()) {
      return labels -> true;
    }
    try {
      return new LabelsCondition(parser.parseSelector(selector));
    } catch (ParseFailed e) {
      throw HttpError.badData("invalid parameter \"match_target\": " + e.getMessage());
    }
  }

  private Response relabelSteps(Request request) {
    Parameters parameters = request.parameters();
    String pool = parameters.getOrEmpty("scrapePool");
    if (pool.isEmpty()) {
      throw HttpError.badData("no scrapePool parameter provided");
    }
    List<RelabelStep> steps =
        targets.relabelSteps(request.tenant(), pool, labels(parameters.getOrEmpty("labels")));
    if (steps == null) {
      throw new HttpError(404, "not_found", "scrape pool '" + pool + "' not found");
    }
    return Answer.of(json -> {
      json.raw("{\"steps\":[");
      for (int i = 0; i < steps.size(); i++) {
        RelabelStep step = steps.get(i);
        json.raw(i == 0 ? "" : ",").raw("{\"rule\":{");
        boolean first = true;
        if (!step.sourceLabels().isEmpty()) {
          json.raw("\"source_labels\":").strings(step.sourceLabels());
          first = false;
        }
        for (Map.Entry<String, String> entry : step.rule().entrySet()) {
          json.raw(first ? "" : ",").string(entry.getKey()).raw(':').string(entry.getValue());
          first = false;
        }
        if (step.modulus() != 0) {
          json.raw(",\"modulus\":").raw(Long.toUnsignedString(step.modulus()));
        }
        json.raw("},\"output\":").labels(step.output());
        json.raw(",\"keep\":").raw(step.keep() ? "true" : "false").raw('}');
      }
      json.raw("]}");
    });
  }

  /** A JSON object of strings. */
  private static Labels labels(String text) {
    if (text.isEmpty()) {
      throw HttpError.badData("no labels parameter provided");
    }
    LabelsBuilder labels = new LabelsBuilder();
    try (JsonParser parser = JSON.createParser(text)) {
      boolean object = parser.nextToken() == JsonToken.START_OBJECT;
      while (object && parser.nextToken() == JsonToken.FIELD_NAME) {
        String name = parser.currentName();
        if (parser.nextToken() != JsonToken.VALUE_STRING || name.isEmpty()) {
          object = false;
        } else {
          labels.set(name, parser.getText());
        }
      }
      if (object && parser.currentToken() == JsonToken.END_OBJECT) {
        return labels.build();
      }
    } catch (IOException e) {
      throw HttpError.badData("invalid parameter \"labels\": it is not valid JSON");
    }
    throw HttpError.badData("invalid parameter \"labels\": it is not a JSON object of strings");
  }

  private Response scrapes(Request request) {
    Parameters parameters = request.parameters();
    String pool = parameters.getOrEmpty("scrapePool");
    String instance = parameters.getOrEmpty("instance");
    int limit = QueryParameters.limit(parameters);
    List<TargetHistory> found =
        targets.histories(request.tenant()).stream()
            .filter(one -> pool.isEmpty() || one.scrapePool().equals(pool))
            .filter(
                one -> instance.isEmpty() || one.labels().getOrEmpty("instance").equals(instance))
            .limit(limit == 0 ? 100 : limit)
            .toList();
    return Answer.of(json -> {
      json.raw('[');
      for (int i = 0; i < found.size(); i++) {
        TargetHistory one = found.get(i);
        json.raw(i == 0 ? "" : ",").raw("{\"scrapePool\":").string(one.scrapePool());
        json.raw(",\"labels\":").labels(one.labels());
        json.raw(",\"scrapeUrl\":").string(one.scrapeUrl());
        json.raw(",\"scrapes\":[");
        for (int s = 0; s < one.scrapes().size(); s++) {
          json.raw(s == 0 ? "" : ",");
          scrape(json, one.scrapes().get(s));
        }
        json.raw("]}");
      }
      json.raw(']');
    });
  }

  private static void scrape(JsonText json, Scrape scrape) throws IOException {
    BigDecimal seconds = new BigDecimal(scrape.duration().toNanos()).movePointLeft(9);
    json.raw("{\"time\":").string(scrape.start().toString());
    json.raw(",\"durationSeconds\":").raw(seconds.stripTrailingZeros().toPlainString());
    json.raw(",\"up\":").raw(scrape.error().isEmpty() ? "true" : "false");
    json.raw(",\"error\":").string(scrape.error());
    json.raw(",\"bodyBytes\":").integer(scrape.bodyBytes());
    json.raw(",\"samplesScraped\":").integer(scrape.samples());
    json.raw(",\"samplesStored\":").integer(scrape.stored());
    json.raw(",\"seriesAdded\":").integer(scrape.added());
    json.raw(",\"duplicates\":").integer(scrape.duplicates());
    json.raw(",\"outOfBounds\":").integer(scrape.outOfBounds()).raw('}');
  }

  private Response discoveries(Request request) {
    List<TargetsView.DiscoveryState> found = targets.discoveries(request.tenant());
    return Answer.of(json -> {
      json.raw('[');
      for (int i = 0; i < found.size(); i++) {
        TargetsView.DiscoveryState one = found.get(i);
        json.raw(i == 0 ? "" : ",").raw("{\"kind\":").string(one.kind());
        json.raw(",\"targets\":").integer(one.targets());
        json.raw(",\"problem\":").string(one.problem()).raw('}');
      }
      json.raw(']');
    });
  }
}
