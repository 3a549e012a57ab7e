// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.collect.container;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ContainerLineTest {

  private final ContainerLine line = new ContainerLine();

  private boolean docker(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return new DockerLine().parse(bytes, 0, bytes.length, line);
  }

  private boolean cri(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    return CriLine.parse(bytes, 0, bytes.length, line);
  }

  private String content() {
    return new String(line.bytes, line.from, line.length, StandardCharsets.UTF_8);
  }

  @Test
  void linesOfDocker() {
    assertThat(
            docker(
                "{\"log\":\"a\\t\\\"b\\\" \\u00fc\\ud83d\\ude00 \\u003ctag\\u003e\\n\",\"stream\":\"stderr\","
                    + "\"attrs\":{\"x\":[1,{\"y\":null}]},\"time\":\"2024-05-01T10:00:00.5Z\"}"))
        .isTrue();
    assertThat(content()).isEqualTo("a\t\"b\" \u00fc\ud83d\ude00 <tag>");
    assertThat(line.stream).isEqualTo(ContainerLine.Stream.STDERR);
    assertThat(line.partial).isFalse();
    assertThat(line.timeNs)
        .isEqualTo(Instant.parse("2024-05-01T10:00:00.5Z").toEpochMilli() * 1_000_000L);
    assertThat(docker("{\"log\":\"part\",\"stream\":\"stdout\",\"time\":\"2024-05-01T10:00:00Z\"}"))
        .isTrue();
    assertThat(line.partial).isTrue();
    for (String bad :
        List.of(
            "",
            "{}",
            "{\"log\":\"x\\n\"}",
            "{\"log\":\"x",
            "{\"log\":1,\"time\":\"2024-05-01T10:00:00Z\"}",
            "{\"log\":\"x\",\"time\":\"yesterday\"}",
            "{\"log\":\"x\\n\",\"time\":\"2024-05-01T10:00:00Z\"} more")) {
      assertThat(docker(bad)).as(bad).isFalse();
    }
  }

  @Test
  void linesOfTheRuntimeInterface() {
    assertThat(cri("2024-05-01T12:00:00.123456789+02:00 stdout F with  spaces ")).isTrue();
    assertThat(content()).isEqualTo("with  spaces ");
    assertThat(line.timeNs % 1_000_000_000L).isEqualTo(123_456_789L);
    assertThat(cri("2024-05-01T12:00:00Z stderr P:tag x")).isTrue();
    assertThat(line.partial).isTrue();
    assertThat(cri("2024-05-01T12:00:00Z stdout F")).isTrue();
    assertThat(line.length).isZero();
    for (String bad :
        List.of(
            "",
            "x",
            "2024-05-01T12:00:00Z",
            "2024-13-01T12:00:00Z stdout F x",
            "2024-05-01T12:00:00Z stdin F x",
            "2024-05-01 12:00:00 stdout F x")) {
      assertThat(cri(bad)).as(bad).isFalse();
    }
  }

  @Test
  void partsArePutTogetherUpToABound() {
    List<String> whole = new ArrayList<>();
    PartialLines parts =
        new PartialLines(
            10,
            (stream, _, bytes, offset, length, from) ->
                whole.add(
                    from
                        + stream.key()
                        + new String(bytes, offset, length, StandardCharsets.UTF_8)));
    String[] lines = {"P aaaa", "P bbbb", "F cc", "P dddddd", "P eeeeee", "F f"};
    for (int i = 0; i < lines.length; i++) {
      assertThat(cri("2024-05-01T12:00:00Z stdout " + lines[i])).isTrue();
      parts.add(line, i);
    }
    assertThat(whole).containsExactly("0stdoutaaaabbbbcc", "3stdoutdddddd", "4stdouteeeeeef");
    assertThat(parts.heldFrom()).isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void pathsTellOfContainers() {
    assertThat(ContainerPaths.labels("/var/log/pods/shop_cart-7_12ab-34/web/0.log"))
        .isEqualTo(Map.of("namespace", "shop", "pod", "cart-7", "container", "web"));
    assertThat(
            ContainerPaths.labels(
                "/var/log/containers/cart-7_shop_web-" + "0123456789abcdef".repeat(4) + ".log"))
        .isEqualTo(Map.of("namespace", "shop", "pod", "cart-7", "container", "web"));
    assertThat(ContainerPaths.labels("/var/log/syslog")).isEmpty();
  }
}
