// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.language.parse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assumptions;

/** One of the peers' cases: a text and its tree's root, or what is wrong with it. */
public record ParseCase(String input, String rootNode, List<String> errors) {

  /** All cases; the calling test is skipped, with the reason, when they are not there. */
  public static List<ParseCase> all() throws IOException {
    String root = System.getProperty("skopos.conformance", "");
    Path file = Path.of(root, "promql", "parse-cases.json");
    Assumptions.assumeTrue(
        !root.isEmpty() && Files.isReadable(file),
        "the peers' cases are not there (-Dskopos.conformance=DIR)");
    List<ParseCase> cases = new ArrayList<>();
    try (JsonParser json = new JsonFactory().createParser(file.toFile())) {
      json.nextToken();
      while (json.nextToken() == JsonToken.START_OBJECT) {
        cases.add(read(json));
      }
    }
    return cases;
  }

  private static ParseCase read(JsonParser json) throws IOException {
    String input = "";
    String rootNode = "";
    List<String> errors = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "input" -> input = json.getText();
        case "rootNode" -> rootNode = json.getText();
        case "errors" -> {
          while (json.nextToken() == JsonToken.START_OBJECT) {
            errors.add(readError(json));
          }
        }
        default -> {}
      }
    }
    return new ParseCase(input, rootNode, errors);
  }

  private static String readError(JsonParser json) throws IOException {
    int start = 0;
    int end = 0;
    String message = "";
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String field = json.currentName();
      json.nextToken();
      switch (field) {
        case "start" -> start = json.getIntValue();
        case "end" -> end = json.getIntValue();
        case "message" -> message = json.getText();
        default -> {}
      }
    }
    return start + "-" + end + " " + message;
  }
}
