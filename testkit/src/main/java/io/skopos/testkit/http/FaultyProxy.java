// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Stands before a server and lets requests meet faults. The plan may change at any time; {@link
 * #goAway} refuses connections until {@link #comeBack}. Thread-safe.
 */
public final class FaultyProxy implements AutoCloseable {

  private static final DateTimeFormatter AMAZON_TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final Duration TOLERATED_SKEW = Duration.ofMinutes(15);
  private static final Pattern LISTED = Pattern.compile("(?s)<Contents>(.*?)</Contents>");
  private static final Pattern KEY = Pattern.compile("<Key>(.*?)</Key>");

  private final InetSocketAddress server;
  private final int port;
  private final Set<Socket> open = ConcurrentHashMap.newKeySet();
  private final Map<String, Instant> written = new ConcurrentHashMap<>();
  private final AtomicLong requests = new AtomicLong();
  private volatile FaultPlan plan = FaultPlan.none();
  private volatile ServerSocket listener;

  private FaultyProxy(InetSocketAddress server, ServerSocket listener) {
    this.server = server;
    this.listener = listener;
    this.port = listener.getLocalPort();
  }

  /** Before the server of an address such as {@code http://127.0.0.1:9000}. */
  public static FaultyProxy before(String endpoint) throws IOException {
    URI address = URI.create(endpoint);
    FaultyProxy proxy =
        new FaultyProxy(new InetSocketAddress(address.getHost(), address.getPort()), listen(0));
    proxy.accept(proxy.listener);
    return proxy;
  }

  public String endpoint() {
    return "http://127.0.0.1:" + port;
  }

  public void plan(FaultPlan next) {
    plan = next;
  }

  /** Requests that came, faults or not. */
  public long requests() {
    return requests.get();
  }

  /** Connections are refused, open ones broken. */
  public void goAway() throws IOException {
    listener.close();
    for (Socket socket : open) {
      socket.close();
    }
  }

  public void comeBack() throws IOException {
    listener = listen(port);
    accept(listener);
  }

  @Override
  public void close() throws IOException {
    plan = FaultPlan.none();
    goAway();
  }

  private static ServerSocket listen(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    socket.setReuseAddress(true);
    socket.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 200);
    return socket;
  }

  private void accept(ServerSocket from) {
    Thread.ofVirtual()
        .name("faulty-proxy")
        .start(() -> {
          while (!from.isClosed()) {
            try {
              Socket client = from.accept();
              open.add(client);
              Thread.ofVirtual().name("faulty-proxy-connection").start(() -> serve(client));
            } catch (IOException e) {
              return; // closed
            }
          }
        });
  }

  private void serve(Socket client) {
    try (client;
        Socket upstream = new Socket()) {
      open.add(upstream);
      upstream.connect(server);
      InputStream fromClient = new BufferedInputStream(client.getInputStream());
      InputStream fromServer = new BufferedInputStream(upstream.getInputStream());
      HttpMessage request = HttpMessage.read(fromClient, null);
      while (request != null) {
        requests.incrementAndGet();
        exchange(request, client.getOutputStream(), upstream.getOutputStream(), fromServer);
        request = HttpMessage.read(fromClient, null);
      }
    } catch (IOException | InterruptedException e) {
      // One of both has gone; the other is told by the end of its connection.
    } finally {
      open.remove(client);
    }
  }

  private void exchange(
      HttpMessage request, OutputStream toClient, OutputStream toServer, InputStream fromServer)
      throws IOException, InterruptedException {
    Fault fault = plan.faultOf(request);
    switch (fault) {
      case Fault.Slow(Duration by) -> Thread.sleep(by);
      case Fault.Hang() -> awaitAnotherPlan();
      case Fault.Refuse(int status, String code) -> {
        refuse(request, toClient, status, code, Instant.now());
        return;
      }
      case Fault.Skew(Duration ahead) -> {
        Instant here = Instant.now().plus(ahead);
        if (isSkewed(request, here)) {
          refuse(request, toClient, 403, "RequestTimeTooSkewed", here);
          return;
        }
      }
      case Fault.None(),
          Fault.LoseAnswer(int _, String _),
          Fault.Break(),
          Fault.Truncate(),
          Fault.StaleListings(Duration _) -> {}
    }
    toServer.write(request.head(request.body().length));
    toServer.write(request.body());
    toServer.flush();
    HttpMessage answer = HttpMessage.read(fromServer, request);
    if (answer == null) {
      throw new IOException("the server closed the connection");
    }
    note(request);
    switch (fault) {
      case Fault.LoseAnswer(int status, String code) ->
          refuse(request, toClient, status, code, Instant.now());
      case Fault.Break() -> throw new IOException("broken on purpose");
      case Fault.Truncate() when answer.body().length > 1 -> {
        toClient.write(answer.head(answer.body().length));
        toClient.write(answer.body(), 0, answer.body().length / 2);
        toClient.flush();
        throw new IOException("cut off on purpose");
      }
      case Fault.StaleListings(Duration behind) -> send(stale(request, answer, behind), toClient);
      case Fault.None(),
          Fault.Slow(Duration _),
          Fault.Hang(),
          Fault.Truncate(),
          Fault.Refuse(int _, String _),
          Fault.Skew(Duration _) ->
          send(answer, toClient);
    }
  }

  private static void send(HttpMessage answer, OutputStream toClient) throws IOException {
    boolean noBody = answer.status() == 204 || answer.status() == 304;
    toClient.write(answer.head(noBody ? 0 : answer.toldLength()));
    toClient.write(answer.body());
    toClient.flush();
  }

  private static void refuse(
      HttpMessage request, OutputStream toClient, int status, String code, Instant clock)
      throws IOException {
    byte[] body =
        request.method().equals("HEAD")
            ? new byte[0]
            : ("<?xml version=\"1.0\"?><Error><Code>"
                    + code
                    + "</Code><Message>a fault of the test</Message></Error>")
                .getBytes(StandardCharsets.UTF_8);
    String date = DateTimeFormatter.RFC_1123_DATE_TIME.withZone(ZoneOffset.UTC).format(clock);
    List<String> headers = List.of("Content-Type: application/xml", "Date: " + date);
    send(new HttpMessage("HTTP/1.1 " + status + " Fault", headers, body), toClient);
  }

  private void awaitAnotherPlan() throws InterruptedException, IOException {
    FaultPlan mine = plan;
    while (plan == mine) {
      Thread.sleep(20);
      if (listener.isClosed()) {
        throw new IOException("gone");
      }
    }
    throw new IOException("hung until the plan changed");
  }

  private static boolean isSkewed(HttpMessage request, Instant here) {
    String told = request.header("X-Amz-Date");
    return !told.isEmpty()
        && Duration.between(Instant.from(AMAZON_TIME.parse(told)), here)
                .abs()
                .compareTo(TOLERATED_SKEW)
            > 0;
  }

  private void note(HttpMessage request) {
    if (request.method().equals("PUT")) {
      String path = request.target().split("\\?", 2)[0];
      written.put(path, Instant.now());
    }
  }

  private HttpMessage stale(HttpMessage request, HttpMessage answer, Duration behind) {
    if (!request.target().contains("list-type=2")) {
      return answer;
    }
    String bucket = request.target().split("\\?", 2)[0];
    Instant seen = Instant.now().minus(behind);
    String body = new String(answer.body(), StandardCharsets.UTF_8);
    Matcher listed = LISTED.matcher(body);
    StringBuilder rest = new StringBuilder();
    while (listed.find()) {
      Matcher key = KEY.matcher(listed.group(1));
      String path = key.find() ? bucket.replaceAll("/+$", "") + "/" + key.group(1) : "";
      boolean fresh = written.getOrDefault(path, Instant.MIN).isAfter(seen);
      listed.appendReplacement(rest, fresh ? "" : Matcher.quoteReplacement(listed.group()));
    }
    listed.appendTail(rest);
    return new HttpMessage(
        answer.firstLine(), answer.headers(), rest.toString().getBytes(StandardCharsets.UTF_8));
  }
}
