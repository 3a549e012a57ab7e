// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.dns;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skopos.ingest.discovery.DiscoveryFailure;
import io.skopos.ingest.discovery.DiscoveryRun;
import io.skopos.ingest.discovery.TargetGroup;
import io.skopos.ingest.yaml.ConfigException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DnsDiscoveryTest {

  private NameServer server;

  @BeforeEach
  void start() throws Exception {
    server = new NameServer();
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void srvRecordsBringHostAndPort() throws Exception {
    server.add("_web._tcp.example.com", DnsRecordType.SRV, NameServer.srv(9100, "one.example.com"));
    server.add("_web._tcp.example.com", DnsRecordType.SRV, NameServer.srv(9101, "two.example.com"));
    List<TargetGroup> found = find("{names: [_web._tcp.example.com]}");
    assertThat(found)
        .extracting(group -> group.targets().getFirst())
        .containsExactly("one.example.com:9100", "two.example.com:9101");
    assertThat(found.getFirst().labels().toMap())
        .isEqualTo(
            Map.of(
                "__meta_dns_name", "_web._tcp.example.com",
                "__meta_dns_srv_record_target", "one.example.com.",
                "__meta_dns_srv_record_port", "9100"));
  }

  @Test
  void otherRecordsNeedAPort() throws Exception {
    server.add("h.example", DnsRecordType.A, new byte[] {10, 0, 0, (byte) 200});
    server.add("h.example", DnsRecordType.AAAA, InetAddress.getByName("2001:db8::1").getAddress());
    server.add("h.example", DnsRecordType.MX, NameServer.mx("mail.example"));
    server.add("h.example", DnsRecordType.NS, NameServer.name("ns.example"));
    assertThat(targets("{names: [h.example], type: A, port: 80}")).containsExactly("10.0.0.200:80");
    assertThat(targets("{names: [h.example], type: AAAA, port: 80}"))
        .containsExactly("[2001:db8:0:0:0:0:0:1]:80");
    List<TargetGroup> mail = find("{names: [h.example], type: MX, port: 25}");
    assertThat(mail.getFirst().targets()).containsExactly("mail.example:25");
    assertThat(mail.getFirst().labels().get("__meta_dns_mx_record_target"))
        .isEqualTo("mail.example.");
    List<TargetGroup> names = find("{names: [h.example], type: ns, port: 53}");
    assertThat(names.getFirst().labels().get("__meta_dns_ns_record_target"))
        .isEqualTo("ns.example.");
    for (String bad :
        new String[] {"{names: [x], type: A}", "{names: []}", "{names: [x], type: TXT}"}) {
      assertThatThrownBy(() -> settings(bad)).isInstanceOf(ConfigException.class);
    }
  }

  @Test
  void whatDoesNotFitIsAskedForOverTcp() throws Exception {
    server.truncates = true;
    server.add("h.example", DnsRecordType.A, new byte[] {10, 0, 0, 1});
    assertThat(targets("{names: [h.example], type: A, port: 80}")).containsExactly("10.0.0.1:80");
    assertThat(server.asked).contains("h.example 1", "h.example 1 tcp");
  }

  @Test
  void aNameThatDoesNotExistHasNoTargetsAndABrokenServerIsAFailure() throws Exception {
    assertThat(targets("{names: [no.example], type: A, port: 80}")).isEmpty();
    server.code = 2;
    assertThatThrownBy(() -> targets("{names: [no.example], type: A, port: 80}"))
        .isInstanceOf(DiscoveryFailure.class)
        .hasMessageContaining("the answer has the code 2");
    try (DatagramSocket silent = new DatagramSocket(0, InetAddress.getLoopbackAddress())) {
      ResolverConfig config =
          new ResolverConfig(
              List.of(
                  new InetSocketAddress(silent.getLocalAddress(), silent.getLocalPort()),
                  server.address()),
              List.of(),
              1,
              Duration.ofMillis(100),
              1);
      server.code = -1;
      server.add("h.example", DnsRecordType.A, new byte[] {10, 0, 0, 1});
      assertThat(new DnsClient(config).lookup("h.example", DnsRecordType.A)).hasSize(1);
    }
  }

  @Test
  void searchSuffixesAreTriedAsTheResolverDoes(@TempDir Path directory) throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("resolv.conf"),
            """
            # comment
            nameserver 192.0.2.1
            nameserver 2001:db8::53
            search a.example b.example.
            options ndots:2 timeout:3 attempts:4 rotate
            """);
    ResolverConfig config = ResolverConfig.read(file);
    assertThat(config.servers()).hasSize(2);
    assertThat(config.timeout()).isEqualTo(Duration.ofSeconds(3));
    assertThat(config.attempts()).isEqualTo(4);
    assertThat(config.candidates("x.y")).containsExactly("x.y.a.example", "x.y.b.example", "x.y");
    assertThat(config.candidates("x.y.z").getFirst()).isEqualTo("x.y.z");
    assertThat(config.candidates("x.y.")).containsExactly("x.y");
    ResolverConfig here =
        new ResolverConfig(
            List.of(server.address()), List.of("b.example"), 1, Duration.ofSeconds(5), 1);
    server.add("host.b.example", DnsRecordType.A, new byte[] {10, 0, 0, 1});
    assertThat(new DnsClient(here).lookup("host", DnsRecordType.A)).hasSize(1);
    assertThatThrownBy(() -> new DnsClient(here).lookup("a..b", DnsRecordType.A))
        .hasMessageContaining("is not a name DNS can carry");
  }

  private List<String> targets(String yaml) throws Exception {
    return find(yaml).stream().flatMap(group -> group.targets().stream()).toList();
  }

  private List<TargetGroup> find(String yaml) throws Exception {
    ResolverConfig config =
        new ResolverConfig(List.of(server.address()), List.of(), 1, Duration.ofSeconds(5), 1);
    return new DnsTargets(settings(yaml), new DnsClient(config)).find();
  }

  private static DnsDiscoverySettings settings(String yaml) throws ConfigException {
    return (DnsDiscoverySettings)
        DiscoveryRun.parse(DnsDiscoverySettings::parse, yaml, Path.of("/"));
  }
}
