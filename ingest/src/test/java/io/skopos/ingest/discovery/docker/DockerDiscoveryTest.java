// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.docker;

import static org.assertj.core.api.Assertions.assertThat;

import io.skopos.ingest.discovery.DiscoveryRun;
import io.skopos.ingest.http.LocalServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.URLDecoder;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerDiscoveryTest {

  private static final String CONTAINERS =
      """
      [{"Id":"c1","Names":["/web"],"Labels":{"com.example/team":"a"},
        "Ports":[{"IP":"0.0.0.0","PrivatePort":8080,"PublicPort":18080,"Type":"tcp"},
                 {"PrivatePort":8125,"Type":"udp"},{"PrivatePort":9090,"Type":"tcp"}],
        "HostConfig":{"NetworkMode":"front"},
        "NetworkSettings":{"Networks":{
          "front":{"NetworkID":"n1","IPAddress":"172.18.0.2"},
          "back":{"NetworkID":"n2","IPAddress":"172.19.0.2"}}}},
       {"Id":"c2","Names":["/sidecar"],"Labels":{},"Ports":[],
        "HostConfig":{"NetworkMode":"container:c1"},"NetworkSettings":{"Networks":{}}},
       {"Id":"c3","Names":["/host"],"Labels":{},"Ports":[],"HostConfig":{"NetworkMode":"host"},
        "NetworkSettings":{"Networks":{"host":{"NetworkID":"n3","IPAddress":""}}}}]
      """;

  private static final String NETWORKS =
      """
      [{"Id":"n1","Name":"front","Scope":"local","Internal":false,"Ingress":false,"Labels":{"k":"v"}},
       {"Id":"n2","Name":"back","Scope":"local","Internal":true,"Ingress":false,"Labels":null},
       {"Id":"n3","Name":"host","Scope":"local","Internal":false,"Ingress":false}]
      """;

  @Test
  void containersAreFoundOverTheUnixSocket(@TempDir Path directory) throws Exception {
    Path socket = directory.resolve("docker.sock");
    try (UnixDocker docker = new UnixDocker(socket);
        DiscoveryRun run = new DiscoveryRun()) {
      run.start(
          DockerDiscoverySettings::parse,
          "{host: 'unix://%s', refresh_interval: 200ms, filters: [{name: label, values: ['a\"b']}]}"
              .formatted(socket),
          directory);
      run.awaitAddresses("172.19.0.2:80", "172.19.0.2:8080", "172.19.0.2:9090", "localhost");
      assertThat(run.found().get("172.19.0.2:8080"))
          .containsEntry("__meta_docker_container_id", "c1")
          .containsEntry("__meta_docker_container_name", "/web")
          .containsEntry("__meta_docker_container_network_mode", "front")
          .containsEntry("__meta_docker_container_label_com_example_team", "a")
          .containsEntry("__meta_docker_network_name", "back")
          .containsEntry("__meta_docker_network_internal", "true")
          .containsEntry("__meta_docker_network_ip", "172.19.0.2")
          .containsEntry("__meta_docker_port_private", "8080")
          .containsEntry("__meta_docker_port_public", "18080")
          .containsEntry("__meta_docker_port_public_ip", "0.0.0.0");
      assertThat(run.found().get("172.19.0.2:80"))
          .containsEntry("__meta_docker_container_name", "/sidecar");
      String query = URLDecoder.decode(docker.asked.getFirst(), StandardCharsets.UTF_8);
      assertThat(query).isEqualTo("/containers/json?filters={\"label\":[\"a\\\"b\"]}");
      docker.close();
      run.await(() -> !run.problem().isEmpty());
      assertThat(run.addresses()).hasSize(4);
    }
  }

  @Test
  void allNetworksCountWhenAskedFor(@TempDir Path directory) throws Exception {
    try (LocalServer daemon =
            new LocalServer((seen, exchange) ->
                LocalServer.json(
                    exchange, seen.uri().getPath().equals("/networks") ? NETWORKS : CONTAINERS));
        DiscoveryRun run = new DiscoveryRun()) {
      run.start(
          DockerDiscoverySettings::parse,
          "{host: 'tcp://127.0.0.1:%d', match_first_network: false, port: 81}"
              .formatted(daemon.port()),
          directory);
      run.awaitAddresses(
          "172.18.0.2:8080",
          "172.18.0.2:81",
          "172.18.0.2:9090",
          "172.19.0.2:8080",
          "172.19.0.2:81",
          "172.19.0.2:9090",
          "localhost");
      assertThat(run.found().get("172.18.0.2:9090"))
          .containsEntry("__meta_docker_network_label_k", "v")
          .doesNotContainKey("__meta_docker_port_public");
    }
  }

  @Test
  void nodesServicesAndTasksOfASwarm(@TempDir Path directory) throws Exception {
    Map<String, String> answers =
        Map.of(
            "/networks",
            "[{\"Id\":\"n1\",\"Name\":\"ingress\",\"Scope\":\"swarm\",\"Ingress\":true}]",
            "/nodes",
            """
            [{"ID":"node1","Spec":{"Role":"manager","Availability":"active","Labels":{"zone":"a"}},
              "Description":{"Hostname":"h1","Platform":{"Architecture":"x86_64","OS":"linux"},
                "Engine":{"EngineVersion":"27.0"}},
              "Status":{"State":"ready","Addr":"10.0.0.5"},
              "ManagerStatus":{"Leader":true,"Reachability":"reachable","Addr":"10.0.0.5:2377"}}]
            """,
            "/services",
            """
            [{"ID":"s1","Spec":{"Name":"web","Labels":{"team":"t"},"Mode":{"ReplicatedJob":{}},
                "TaskTemplate":{"ContainerSpec":{"Image":"web:1"}}},
              "Endpoint":{"Ports":[{"Protocol":"tcp","PublishedPort":8080,"PublishMode":"ingress"},
                  {"Protocol":"udp","PublishedPort":53}],
                "VirtualIPs":[{"NetworkID":"n1","Addr":"10.255.0.2/16"}]}},
             {"ID":"s2","Spec":{"Name":"quiet","Mode":{"Global":{}}},
              "Endpoint":{"VirtualIPs":[{"NetworkID":"n1","Addr":"10.255.0.3/16"}]}}]
            """,
            "/tasks",
            """
            [{"ID":"t1","ServiceID":"s1","NodeID":"node1","Slot":2,"DesiredState":"running",
              "Spec":{"ContainerSpec":{"Labels":{"c.l":"v"}}},
              "Status":{"State":"running","ContainerStatus":{"ContainerID":"c1"},
                "PortStatus":{"Ports":[{"Protocol":"tcp","PublishedPort":9000,"PublishMode":"host"}]}},
              "NetworksAttachments":[{"Network":{"ID":"n1"},"Addresses":["10.255.0.9/16"]}]}]
            """);
    try (LocalServer daemon =
            new LocalServer((seen, exchange) ->
                LocalServer.json(exchange, answers.getOrDefault(seen.uri().getPath(), "[]")));
        DiscoveryRun nodes = new DiscoveryRun();
        DiscoveryRun services = new DiscoveryRun();
        DiscoveryRun tasks = new DiscoveryRun()) {
      String yaml = "{host: 'http://127.0.0.1:" + daemon.port() + "', role: %s}";
      nodes.start(SwarmDiscoverySettings::parse, yaml.formatted("nodes"), directory);
      nodes.awaitAddresses("10.0.0.5:80");
      assertThat(nodes.found().get("10.0.0.5:80"))
          .containsEntry("__meta_dockerswarm_node_id", "node1")
          .containsEntry("__meta_dockerswarm_node_role", "manager")
          .containsEntry("__meta_dockerswarm_node_availability", "active")
          .containsEntry("__meta_dockerswarm_node_hostname", "h1")
          .containsEntry("__meta_dockerswarm_node_platform_os", "linux")
          .containsEntry("__meta_dockerswarm_node_engine_version", "27.0")
          .containsEntry("__meta_dockerswarm_node_status", "ready")
          .containsEntry("__meta_dockerswarm_node_manager_leader", "true")
          .containsEntry("__meta_dockerswarm_node_manager_address", "10.0.0.5:2377")
          .containsEntry("__meta_dockerswarm_node_label_zone", "a");
      services.start(SwarmDiscoverySettings::parse, yaml.formatted("services"), directory);
      services.awaitAddresses("10.255.0.2:8080", "10.255.0.3:80");
      assertThat(services.found().get("10.255.0.2:8080"))
          .containsEntry("__meta_dockerswarm_service_name", "web")
          .containsEntry("__meta_dockerswarm_service_mode", "replicated-job")
          .containsEntry("__meta_dockerswarm_service_label_team", "t")
          .containsEntry("__meta_dockerswarm_service_task_container_image", "web:1")
          .containsEntry("__meta_dockerswarm_service_endpoint_port_publish_mode", "ingress")
          .containsEntry("__meta_dockerswarm_network_name", "ingress")
          .containsEntry("__meta_dockerswarm_network_ingress", "true");
      tasks.start(SwarmDiscoverySettings::parse, yaml.formatted("tasks"), directory);
      tasks.awaitAddresses("10.0.0.5:9000", "10.255.0.9:8080");
      assertThat(tasks.found().get("10.0.0.5:9000"))
          .containsEntry("__meta_dockerswarm_task_id", "t1")
          .containsEntry("__meta_dockerswarm_task_slot", "2")
          .containsEntry("__meta_dockerswarm_task_state", "running")
          .containsEntry("__meta_dockerswarm_task_desired_state", "running")
          .containsEntry("__meta_dockerswarm_task_container_id", "c1")
          .containsEntry("__meta_dockerswarm_task_port_publish_mode", "host")
          .containsEntry("__meta_dockerswarm_container_label_c_l", "v")
          .containsEntry("__meta_dockerswarm_service_name", "web")
          .containsEntry("__meta_dockerswarm_node_hostname", "h1");
    }
  }

  /** Speaks just enough HTTP over a Unix socket. */
  private static final class UnixDocker implements AutoCloseable {

    final List<String> asked = new CopyOnWriteArrayList<>();
    private final ServerSocketChannel server =
        ServerSocketChannel.open(StandardProtocolFamily.UNIX);

    UnixDocker(Path socket) throws IOException {
      server.bind(UnixDomainSocketAddress.of(socket));
      Thread.ofPlatform().daemon().start(this::run);
    }

    private void run() {
      while (server.isOpen()) {
        try (SocketChannel client = server.accept()) {
          InputStream in = Channels.newInputStream(client);
          StringBuilder head = new StringBuilder();
          while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
          }
          String uri = head.toString().split(" ")[1];
          asked.add(uri);
          String body = URI.create(uri).getPath().equals("/networks") ? NETWORKS : CONTAINERS;
          byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
          String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + bytes.length + "\r\n\r\n" + body;
          client.write(ByteBuffer.wrap(answer.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException e) {
          // Closed.
        }
      }
    }

    @Override
    public void close() throws IOException {
      server.close();
    }
  }
}
