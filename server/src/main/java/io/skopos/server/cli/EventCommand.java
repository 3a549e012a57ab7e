// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Marks what changed. */
@Command(
    name = "event",
    mixinStandardHelpOptions = true,
    description = "Marks what changed, so that every chart can show it.",
    subcommands = EventCommand.Add.class)
final class EventCommand implements Runnable {

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** {@code skopos event add}. */
  @Command(
      name = "add",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Adds an event.",
      footerHeading = "%nExample:%n",
      footer =
          "  skopos event add 'deployed shop 1.4' --kind deploy --entity service:shop --label version=1.4")
  static final class Add implements Runnable {

    @Parameters(paramLabel = "TITLE", description = "What happened, in one line.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String title;

    @Option(
        names = "--kind",
        paramLabel = "KIND",
        defaultValue = "note",
        description =
            "deploy, config, flag, fault, silence, probe, note ... (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String kind;

    @Option(names = "--text", paramLabel = "TEXT", description = "More words.")
    private @Nullable String text;

    @Option(
        names = "--entity",
        paramLabel = "KIND:NAME",
        description = "What it is about, e.g. service:shop; may be given several times.")
    private @Nullable List<String> entities;

    @Option(
        names = "--label",
        paramLabel = "NAME=VALUE",
        description = "A label; may be given several times.")
    private @Nullable Map<String, String> labels;

    @Option(
        names = "--start",
        paramLabel = "TIME",
        description = "When it began: RFC 3339 (default: now).")
    private @Nullable String start;

    @Option(names = "--end", paramLabel = "TIME", description = "When it ended, if it lasted.")
    private @Nullable String end;

    @Option(names = "--link", paramLabel = "URL", description = "Where more is said about it.")
    private @Nullable String link;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Connection connection;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
      Object answer = connection.postJson("/api/v1/events", body());
      if (answer instanceof Map<?, ?> map
          && map.get("data") instanceof Map<?, ?> data
          && data.get("id") instanceof String id) {
        spec.commandLine().getOut().println("event " + id);
      } else {
        spec.commandLine().getOut().println("event added");
      }
    }

    private String body() {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
        json.writeStartObject();
        json.writeStringField("kind", kind);
        json.writeStringField("title", title);
        writeIfGiven(json, "text", this.text);
        writeIfGiven(json, "start", start);
        writeIfGiven(json, "end", end);
        writeIfGiven(json, "link", link);
        if (entities != null) {
          json.writeArrayFieldStart("entities");
          for (String entity : entities) {
            json.writeString(entity);
          }
          json.writeEndArray();
        }
        if (labels != null) {
          json.writeObjectFieldStart("labels");
          for (Map.Entry<String, String> label : labels.entrySet()) {
            json.writeStringField(label.getKey(), label.getValue());
          }
          json.writeEndObject();
        }
        json.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return text.toString();
    }

    private static void writeIfGiven(JsonGenerator json, String name, @Nullable String value)
        throws IOException {
      if (value != null) {
        json.writeStringField(name, value);
      }
    }
  }
}
