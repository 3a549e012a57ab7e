// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes, lists and revokes tokens. */
@Command(
    name = "token",
    mixinStandardHelpOptions = true,
    description = {
      "Makes, lists and revokes the tokens that callers of a server show.",
      "Speaks to the running server of ./data (or --data) as its owner, or to --url with --token-file."
    },
    subcommands = {
      TokenCommand.Create.class,
      TokenCommand.ListAll.class,
      TokenCommand.Revoke.class
    })
final class TokenCommand implements Runnable {

  private static final String PATH = "/api/v1/tokens";

  @Spec
  @SuppressWarnings("NullAway.Init") // set by picocli
  private CommandSpec spec;

  @Override
  public void run() {
    spec.commandLine().usage(spec.commandLine().getOut());
  }

  /** Which server, as whom. */
  private static final class Server {

    @Option(
        names = "--data",
        paramLabel = "DIR",
        defaultValue = "data",
        description =
            "Data directory of a server on this machine, whose owner needs no token"
                + " (default: ./${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Path data;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Connection connection;

    Connection connection() {
      return connection.orLocal(data);
    }
  }

  /** {@code skopos token create}. */
  @Command(
      name = "create",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Makes a token and prints it, once; the server keeps only its hash.",
      footerHeading = "%nExamples:%n",
      footer = {
        "  skopos token create --name ci --tenants team-a,team-b --rights write --expires 90d",
        "  skopos token create --name grafana --tenants team-a --rights read > grafana.token",
        "  skopos token create --name root --tenants '*' --rights '*'"
      })
  static final class Create implements Runnable {

    @Option(
        names = "--name",
        required = true,
        paramLabel = "NAME",
        description = "Names it in lists, messages and the audit.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Option(
        names = "--tenants",
        paramLabel = "A,B",
        split = ",",
        defaultValue = "anonymous",
        description = "Whose data; * is every tenant's (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> tenants;

    @Option(
        names = "--rights",
        paramLabel = "A,B",
        split = ",",
        defaultValue = "read,write",
        description = "Of read, write, admin and act; * is all (default: ${DEFAULT-VALUE}).")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private List<String> rights;

    @Option(
        names = "--expires",
        paramLabel = "WHEN",
        description = "A duration like 90d or a time like 2027-01-31T10:00:00Z (default: never).")
    private @Nullable String expires;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Server server;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
      Object answer = server.connection().postJson(PATH, body());
      if (answer instanceof Map<?, ?> map
          && map.get("data") instanceof Map<?, ?> data
          && data.get("token") instanceof String token) {
        spec.commandLine().getOut().println(token);
        spec.commandLine()
            .getErr()
            .println(
                "This is shown once; the server keeps only its hash. Revoke it with: skopos"
                    + " token revoke "
                    + name);
      } else {
        throw new CommandFailed("the answer holds no token: " + answer);
      }
    }

    private String body() {
      StringWriter text = new StringWriter();
      try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
        json.writeStartObject();
        json.writeStringField("name", name);
        writeAll(json, "tenants", tenants);
        writeAll(json, "rights", rights);
        if (expires != null) {
          json.writeStringField("expires", expires);
        }
        json.writeEndObject();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      return text.toString();
    }

    private static void writeAll(JsonGenerator json, String field, List<String> values)
        throws IOException {
      json.writeArrayFieldStart(field);
      for (String value : values) {
        json.writeString(value.strip());
      }
      json.writeEndArray();
    }
  }

  /** {@code skopos token list}. */
  @Command(
      name = "list",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Lists tokens: what they may do, since when, until when, when last used.")
  static final class ListAll implements Runnable {

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Server server;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
      List<List<String>> rows = new ArrayList<>();
      rows.add(List.of("NAME", "TENANTS", "RIGHTS", "CREATED", "EXPIRES", "LAST USED"));
      if (server.connection().get(PATH) instanceof Map<?, ?> answer
          && answer.get("data") instanceof List<?> tokens) {
        for (Object each : tokens) {
          if (each instanceof Map<?, ?> token) {
            rows.add(
                List.of(
                    text(token.get("name")),
                    joined(token.get("tenants")),
                    joined(token.get("rights")),
                    text(token.get("created")),
                    orElse(token.get("expires"), "never"),
                    orElse(token.get("lastUsed"), "-")));
          }
        }
      }
      TextTable.print(rows, spec.commandLine().getOut());
    }

    private static String text(@Nullable Object value) {
      return value == null ? "" : value.toString();
    }

    private static String orElse(@Nullable Object value, String other) {
      return value == null ? other : value.toString();
    }

    private static String joined(@Nullable Object values) {
      return values instanceof List<?> list
          ? String.join(",", list.stream().map(Object::toString).toList())
          : "";
    }
  }

  /** {@code skopos token revoke}. */
  @Command(
      name = "revoke",
      mixinStandardHelpOptions = true,
      sortOptions = false,
      description = "Revokes a token at once, and ends the sessions it began.")
  static final class Revoke implements Runnable {

    @Parameters(paramLabel = "NAME", description = "The token's name.")
    @SuppressWarnings("NullAway.Init") // set by picocli
    private String name;

    @Mixin
    @SuppressWarnings("NullAway.Init") // set by picocli
    private Server server;

    @Spec
    @SuppressWarnings("NullAway.Init") // set by picocli
    private CommandSpec spec;

    @Override
    public void run() {
      server
          .connection()
          .delete(PATH + "/" + URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20"));
      spec.commandLine().getOut().println("revoked " + name);
    }
  }
}
