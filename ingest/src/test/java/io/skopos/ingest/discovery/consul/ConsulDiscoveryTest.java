// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.consul;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import io.skopos.ingest.discovery.DiscoveryRun;
import io.skopos.ingest.http.LocalServer;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class ConsulDiscoveryTest {

  private static final String M = "__meta_consul_";

  /** By path: what the agent answers, and since which index it does. */
  private final Map<String, String> answers = new TreeMap<>();

  private final Map<String, Integer> indexes = new TreeMap<>();
  private int index = 10;
  private boolean refuses;
  private LocalServer agent;

  @BeforeEach
  void start() throws IOException {
    agent = new LocalServer(this::answer);
    put("/v1/agent/self", "{\"Config\":{\"Datacenter\":\"dc1\"}}");
  }

  @AfterEach
  void stop() {
    agent.close();
  }

  private synchronized void put(String path, String json) {
    answers.put(path, json);
    indexes.put(path, ++index);
    notifyAll();
  }

  private synchronized void refuse(boolean now) {
    refuses = now;
    notifyAll();
  }

  private synchronized void answer(LocalServer.Seen seen, HttpExchange exchange)
      throws IOException {
    String path = seen.uri().getPath();
    String query = String.valueOf(seen.uri().getQuery());
    if (query.contains("index=")) {
      int known = Integer.parseInt(query.replaceAll(".*index=(\\d+).*", "$1"));
      try {
        while (indexes.getOrDefault(path, 0) <= known && !refuses) {
          wait(100);
        }
      } catch (InterruptedException e) {
        return;
      }
    }
    if (refuses) {
      LocalServer.send(exchange, 500, "text/plain", "No cluster leader");
      return;
    }
    exchange
        .getResponseHeaders()
        .set("X-Consul-Index", Integer.toString(indexes.getOrDefault(path, 1)));
    LocalServer.json(exchange, answers.getOrDefault(path, "[]"));
  }

  private static String instance(String id, String address, int port, String status) {
    return """
    {"Node":{"Node":"n1","Address":"10.0.0.1","Datacenter":"dc1","Meta":{"rack-id":"r1"},
             "TaggedAddresses":{"wan":"1.2.3.4"}},
     "Service":{"ID":"%s","Service":"web","Tags":["a","b"],"Address":"%s","Port":%d,
                "Namespace":"ns","Partition":"pt","Meta":{"v":"1"}},
     "Checks":[{"CheckID":"serfHealth","Status":"passing"},{"CheckID":"x","Status":"%s"}]}
    """
        .formatted(id, address, port, status);
  }

  @Test
  void servicesAreFollowedByBlockingQueries() throws Exception {
    put("/v1/catalog/services", "{\"consul\":[],\"web\":[\"a\",\"b\"],\"db\":[\"b\"]}");
    put("/v1/health/service/web", "[" + instance("w1", "", 80, "warning") + "]");
    try (DiscoveryRun run = new DiscoveryRun()) {
      run.start(
          ConsulDiscoverySettings::parse,
          """
          {server: '127.0.0.1:%d', token: geheim, tags: [a], node_meta: {rack: r1}, refresh_interval: 10ms,
           filter: 'x == y', namespace: ns, partition: pt}
          """
              .formatted(agent.port()),
          Path.of("/"));
      run.awaitAddresses("10.0.0.1:80");
      assertThat(run.found().get("10.0.0.1:80"))
          .containsEntry(M + "dc", "dc1")
          .containsEntry(M + "service", "web")
          .containsEntry(M + "address", "10.0.0.1")
          .containsEntry(M + "node", "n1")
          .containsEntry(M + "tags", ",a,b,")
          .containsEntry(M + "namespace", "ns")
          .containsEntry(M + "partition", "pt")
          .containsEntry(M + "service_port", "80")
          .containsEntry(M + "service_id", "w1")
          .containsEntry(M + "health", "warning")
          .containsEntry(M + "metadata_rack_id", "r1")
          .containsEntry(M + "service_metadata_v", "1")
          .containsEntry(M + "tagged_address_wan", "1.2.3.4")
          .doesNotContainKey(M + "service_address");
      assertThat(agent.seen().getFirst().headers().getFirst("X-Consul-Token")).isEqualTo("geheim");
      assertThat(agent.seen())
          .filteredOn(seen -> seen.uri().getPath().equals("/v1/health/service/web"))
          .allSatisfy(seen ->
              assertThat(seen.uri().getQuery())
                  .contains("tag=a", "ns=ns", "partition=pt", "node-meta=rack:r1", "stale"));
      assertThat(agent.seen())
          .anyMatch(seen -> String.valueOf(seen.uri().getQuery()).contains("filter=x == y"));
      put(
          "/v1/health/service/web",
          "["
              + instance("w1", "", 80, "passing")
              + ","
              + instance("w2", "2001:db8::2", 81, "critical")
              + "]");
      run.awaitAddresses("10.0.0.1:80", "[2001:db8::2]:81");
      assertThat(run.found().get("[2001:db8::2]:81")).containsEntry(M + "health", "critical");
      refuse(true);
      run.awaitProblem("returned HTTP status 500");
      assertThat(run.addresses()).hasSize(2);
      refuse(false);
      run.await(() -> run.problem().isEmpty());
      put("/v1/catalog/services", "{\"consul\":[],\"db\":[\"b\"]}");
      run.await(() -> run.addresses().isEmpty());
    }
  }

  @Test
  void namedServicesOnly() throws Exception {
    put("/v1/catalog/services", "{\"web\":[],\"db\":[]}");
    put("/v1/health/service/web", "[" + instance("w1", "", 80, "passing") + "]");
    put("/v1/health/service/db", "[" + instance("d1", "", 5432, "passing") + "]");
    try (DiscoveryRun run = new DiscoveryRun()) {
      run.start(
          ConsulDiscoverySettings::parse,
          "{server: 'http://127.0.0.1:%d', services: [db, nope], datacenter: dc9, tag_separator: '|'}"
              .formatted(agent.port()),
          Path.of("/"));
      run.awaitAddresses("10.0.0.1:5432");
      assertThat(run.found().get("10.0.0.1:5432"))
          .containsEntry(M + "service", "db")
          .containsEntry(M + "tags", "|a|b|");
      assertThat(agent.seen()).noneMatch(seen -> seen.uri().getPath().endsWith("/web"));
      assertThat(agent.seen()).noneMatch(seen -> seen.uri().getPath().contains("agent"));
      assertThat(agent.seen().getFirst().uri().getQuery()).contains("dc=dc9");
    }
  }
}
