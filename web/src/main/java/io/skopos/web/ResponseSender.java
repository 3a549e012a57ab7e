// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpHeaders;
import com.linecorp.armeria.common.HttpHeadersBuilder;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpResponseWriter;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.ResponseHeaders;
import com.linecorp.armeria.common.ResponseHeadersBuilder;
import com.linecorp.armeria.common.stream.AbortedStreamException;
import com.linecorp.armeria.server.ServiceRequestContext;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * Writes one response. Up to the first full piece nothing is sent, so that a failure until then
 * still becomes a proper error; afterwards each piece waits until the one before is on the wire.
 */
final class ResponseSender {

  private static final int PIECE_BYTES = 64 * 1024;

  /** Answers that are known to be no longer are sent whole. */
  static final int WHOLE_BYTES = 256 * 1024;

  /** Below this, compression costs more than it saves. */
  private static final int COMPRESS_FROM_BYTES = 1400;

  private final ServiceRequestContext context;
  private final CompletableFuture<HttpResponse> answer;
  private final Duration stallTimeout;
  private @Nullable HttpResponseWriter stream;

  ResponseSender(
      ServiceRequestContext context,
      CompletableFuture<HttpResponse> answer,
      Duration stallTimeout) {
    this.context = context;
    this.answer = answer;
    this.stallTimeout = stallTimeout;
  }

  /** True once the status is on its way and can no longer be changed. */
  boolean started() {
    return stream != null || answer.isDone();
  }

  void send(Response response) throws IOException {
    Pieces pieces = new Pieces(response);
    response.body().write(pieces);
    pieces.finish();
  }

  /** Cuts the answer off, so that the client cannot take it for complete. */
  void abort() {
    HttpResponseWriter started = stream;
    if (started != null) {
      started.close(AbortedStreamException.get());
    } else {
      answer.completeExceptionally(AbortedStreamException.get());
    }
  }

  private ResponseHeadersBuilder headers(Response response) {
    ResponseHeadersBuilder headers = ResponseHeaders.builder(HttpStatus.valueOf(response.status()));
    for (Map.Entry<String, String> header : response.headers().entrySet()) {
      headers.set(header.getKey().toLowerCase(Locale.ROOT), header.getValue());
    }
    return headers;
  }

  private static HttpHeaders trailers(Response response) {
    HttpHeadersBuilder trailers = HttpHeaders.builder();
    response.trailers().forEach(trailers::set);
    return trailers.build();
  }

  private boolean gzipAccepted() {
    String accepted = context.request().headers().get(HttpHeaderNames.ACCEPT_ENCODING, "");
    for (String coding : accepted.split(",")) {
      String text = coding.replace(" ", "").toLowerCase(Locale.ROOT);
      if (text.equals("gzip")
          || (text.startsWith("gzip;q=") && !text.matches("gzip;q=0(\\.0*)?"))) {
        return true;
      }
    }
    return false;
  }

  /** The handler's view of the body: plain bytes in, a whole or pieces out. */
  private final class Pieces extends OutputStream {

    private final Response response;
    private final boolean compressible;
    private final int pieceBytes;
    private byte[] plain;
    private int plainLength;
    private @Nullable OutputStream wire;

    private Pieces(Response response) {
      this.response = response;
      boolean whole = response.mostBytes() <= WHOLE_BYTES;
      this.pieceBytes = whole ? WHOLE_BYTES : PIECE_BYTES;
      this.plain = new byte[whole ? Math.max(1024, (int) response.mostBytes() / 2) : 4096];
      this.compressible =
          !response.headers().containsKey("Content-Encoding")
              && response.trailers().isEmpty()
              && gzipAccepted();
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      int from = offset;
      int left = length;
      while (left > 0) {
        if (plainLength == plain.length) {
          makeRoom(left);
        }
        int now = Math.min(left, plain.length - plainLength);
        System.arraycopy(bytes, from, plain, plainLength, now);
        plainLength += now;
        from += now;
        left -= now;
      }
    }

    private void makeRoom(int wanted) throws IOException {
      if (plain.length < pieceBytes) {
        int capacity = Math.min(pieceBytes, Math.max(plain.length * 2, plainLength + wanted));
        plain = java.util.Arrays.copyOf(plain, capacity);
        return;
      }
      if (wire == null) {
        wire = start();
      }
      wire.write(plain, 0, plainLength);
      plainLength = 0;
    }

    private OutputStream start() throws IOException {
      ResponseHeadersBuilder headers = headers(response);
      HttpResponseWriter writer = HttpResponse.streaming();
      stream = writer;
      // From here on the stall timeout watches the client.
      context.clearRequestTimeout();
      if (compressible) {
        markGzip(headers);
      }
      writer.write(headers.build());
      answer.complete(writer);
      OutputStream socket = new Socket(writer);
      return compressible ? gzip(socket) : socket;
    }

    private void finish() throws IOException {
      OutputStream started = wire;
      if (started != null) {
        started.write(plain, 0, plainLength);
        started.close();
        return;
      }
      ResponseHeadersBuilder headers = headers(response);
      HttpData data = HttpData.wrap(plain, 0, plainLength);
      if (compressible && plainLength >= COMPRESS_FROM_BYTES) {
        ByteArrayOutputStream compressed = new ByteArrayOutputStream(plainLength / 4);
        try (OutputStream gzip = gzip(compressed)) {
          gzip.write(plain, 0, plainLength);
        }
        data = HttpData.wrap(compressed.toByteArray());
        markGzip(headers);
      }
      answer.complete(HttpResponse.of(headers.build(), data, trailers(response)));
    }

    private static void markGzip(ResponseHeadersBuilder headers) {
      headers.set(HttpHeaderNames.CONTENT_ENCODING, "gzip");
      headers.add(HttpHeaderNames.VARY, "accept-encoding");
    }

    private static OutputStream gzip(OutputStream out) throws IOException {
      return new GZIPOutputStream(out, 8192) {
        {
          // JSON shrinks tenfold at any level; the fastest one costs a third of the default's CPU.
          def.setLevel(1);
        }
      };
    }
  }

  /** The connection, with back-pressure. */
  private final class Socket extends OutputStream {

    private final HttpResponseWriter writer;

    private Socket(HttpResponseWriter writer) {
      this.writer = writer;
    }

    @Override
    public void write(int b) throws IOException {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      if (length == 0) {
        return;
      }
      if (!writer.tryWrite(HttpData.copyOf(bytes, offset, length))) {
        throw ClientGone.closed(null);
      }
      try {
        writer.whenConsumed().get(stallTimeout.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        throw ClientGone.stalled(stallTimeout);
      } catch (ExecutionException e) {
        throw ClientGone.closed(e.getCause());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("the server is shutting down", e);
      }
    }

    @Override
    public void close() {
      writer.close();
    }
  }
}
