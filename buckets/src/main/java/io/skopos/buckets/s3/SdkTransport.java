// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.s3;

import io.skopos.buckets.RequestDeadline;
import io.skopos.buckets.http.HttpAnswer;
import io.skopos.buckets.http.HttpTransport;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import software.amazon.awssdk.http.AbortableInputStream;
import software.amazon.awssdk.http.ExecutableHttpRequest;
import software.amazon.awssdk.http.HttpExecuteRequest;
import software.amazon.awssdk.http.HttpExecuteResponse;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.http.SdkHttpFullResponse;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.SdkHttpResponse;

/** The SDK's requests over our connections. Thread-safe. */
final class SdkTransport implements SdkHttpClient {

  /** What the JDK's client sets itself; none of them is part of a signature but the host. */
  private static final Set<String> SET_BY_CLIENT =
      Set.of("connection", "content-length", "expect", "host", "upgrade");

  private final HttpTransport transport;
  private final Duration timeout;

  /**
   * @param timeout for requests outside of any {@link RequestDeadline}, as those for credentials
   */
  SdkTransport(HttpTransport transport, Duration timeout) {
    this.transport = transport;
    this.timeout = timeout;
  }

  @Override
  public ExecutableHttpRequest prepareRequest(HttpExecuteRequest request) {
    return new Prepared(request);
  }

  @Override
  public String clientName() {
    return "JavaNetHttp";
  }

  /** The transport is closed by who made it. */
  @Override
  public void close() {}

  private final class Prepared implements ExecutableHttpRequest {

    private final HttpExecuteRequest request;

    Prepared(HttpExecuteRequest request) {
      this.request = request;
    }

    @Override
    public HttpExecuteResponse call() throws IOException {
      SdkHttpRequest asked = request.httpRequest();
      HttpRequest.Builder builder =
          HttpRequest.newBuilder(asked.getUri()).method(asked.method().name(), body(asked));
      asked.forEachHeader((name, values) -> {
        if (!SET_BY_CLIENT.contains(name.toLowerCase(Locale.ROOT))) {
          values.forEach(value -> builder.header(name, value));
        }
      });
      HttpAnswer answer = transport.send(builder.build(), RequestDeadline.left(timeout));
      SdkHttpFullResponse.Builder response = SdkHttpResponse.builder().statusCode(answer.status());
      answer.headers().map().forEach(response::putHeader);
      return HttpExecuteResponse.builder()
          .response(response.build())
          .responseBody(body(answer))
          .build();
    }

    private static AbortableInputStream body(HttpAnswer answer) throws IOException {
      if (answer.status() < 400) {
        return AbortableInputStream.create(answer.body(), () -> drop(answer));
      }
      try (answer) {
        return AbortableInputStream.create(new ByteArrayInputStream(answer.errorBody()));
      }
    }

    @Override
    public void abort() {}

    private BodyPublisher body(SdkHttpRequest asked) {
      return request
          .contentStreamProvider()
          .map(content -> {
            long length =
                asked.firstMatchingHeader("Content-Length").map(Long::parseLong).orElse(0L);
            return length == 0
                ? BodyPublishers.noBody()
                : BodyPublishers.fromPublisher(
                    BodyPublishers.ofInputStream(content::newStream), length);
          })
          .orElseGet(BodyPublishers::noBody);
    }

    private static void drop(HttpAnswer answer) {
      try {
        answer.close();
      } catch (IOException e) {
        // Nobody reads it any more.
      }
    }
  }
}
