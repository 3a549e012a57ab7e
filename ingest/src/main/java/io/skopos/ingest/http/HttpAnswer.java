// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** An answer whose body is read as it comes. Close it on every path. Used by one thread. */
public final class HttpAnswer implements AutoCloseable {

  private final URI url;
  private final Route route;
  private final Connection connection;
  private final ConnectionPool pool;
  private final Deadline deadline;
  private final Future<?> expiry;
  private final ResponseHead head;
  private final BodyStream body;
  private boolean closed;

  HttpAnswer(
      URI url,
      Route route,
      Connection connection,
      ConnectionPool pool,
      Deadline deadline,
      Future<?> expiry,
      ResponseHead head)
      throws IOException {
    this.url = url;
    this.route = route;
    this.connection = connection;
    this.pool = pool;
    this.deadline = deadline;
    this.expiry = expiry;
    this.head = head;
    this.body = BodyStream.of(head, connection.in());
  }

  public int status() {
    return head.status();
  }

  /** The first header of that name. */
  public @Nullable String header(String name) {
    return head.header(name);
  }

  /** As {@link java.io.InputStream#read(byte[], int, int)}. */
  public int read(byte[] into, int offset, int length) throws FetchFailure, InterruptedException {
    try {
      return body.read(into, offset, length);
    } catch (IOException e) {
      throw HttpClient.failure(e, url, deadline);
    }
  }

  /** The whole body, or a failure when it is longer than the limit. */
  public byte[] bytes(int limit) throws FetchFailure, InterruptedException {
    ByteArrayOutputStream all = new ByteArrayOutputStream(8192);
    byte[] some = new byte[8192];
    for (int count = read(some, 0, some.length); count >= 0; count = read(some, 0, some.length)) {
      if (all.size() + (long) count > limit) {
        throw new FetchFailure("the answer has more than " + limit + " bytes");
      }
      all.write(some, 0, count);
    }
    return all.toByteArray();
  }

  /** The next line without its end, or null at the body's end. */
  public @Nullable String line(int limit) throws FetchFailure, InterruptedException {
    byte[] line = new byte[1024];
    int length = 0;
    try {
      for (int next = body.read(); next >= 0; next = body.read()) {
        if (next == '\n') {
          return new String(line, 0, length, StandardCharsets.UTF_8);
        }
        if (length == limit) {
          throw new FetchFailure("the answer has a line of more than " + limit + " bytes");
        }
        if (length == line.length) {
          line = Arrays.copyOf(line, length * 2);
        }
        line[length++] = (byte) next;
      }
    } catch (IOException e) {
      throw HttpClient.failure(e, url, deadline);
    }
    return length == 0 ? null : new String(line, 0, length, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    boolean intime = expiry.cancel(false);
    if (intime && body.endedCleanly() && head.keepsAlive()) {
      pool.put(route, connection);
    } else {
      connection.close();
    }
  }
}
