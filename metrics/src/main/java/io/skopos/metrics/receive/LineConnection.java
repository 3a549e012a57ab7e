// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.metrics.receive;

import io.skopos.web.HttpError;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/** Reads one connection until its end: what has arrived is appended before more is read. */
final class LineConnection {

  private static final int READ_BYTES = 64 * 1024;

  /** Between tries while the store cannot take rows; the sender waits in its socket meanwhile. */
  private static final long RETRY_MS = 1000;

  private final Socket socket;
  private final LineProtocol.Reader reader;
  private final ReceivedRows rows;
  private final int maxLineBytes;
  private final byte[] buffer;
  private int length;

  LineConnection(Socket socket, LineProtocol.Reader reader, ReceivedRows rows, int maxLineBytes) {
    this.socket = socket;
    this.reader = reader;
    this.rows = rows;
    this.maxLineBytes = maxLineBytes;
    this.buffer = new byte[Math.max(READ_BYTES, maxLineBytes + 1)];
  }

  void run() throws IOException, InterruptedException {
    InputStream in = socket.getInputStream();
    OutputStream out = socket.getOutputStream();
    while (true) {
      int read;
      try {
        read = in.read(buffer, length, buffer.length - length);
      } catch (SocketTimeoutException e) {
        read = -1;
      }
      if (read < 0) {
        take(length, out);
        return;
      }
      length += read;
      int end = length;
      while (end > 0 && buffer[end - 1] != '\n') {
        end--;
      }
      if (end > 0) {
        take(end, out);
      } else if (length > maxLineBytes) {
        rows.bad(1, "it is longer than " + maxLineBytes + " bytes (receivers.max_line_bytes)");
        return;
      }
    }
  }

  private void take(int end, OutputStream out) throws IOException, InterruptedException {
    String answer = reader.read(buffer, 0, end);
    append();
    length -= end;
    System.arraycopy(buffer, end, buffer, 0, length);
    if (!answer.isEmpty()) {
      out.write(answer.getBytes(StandardCharsets.UTF_8));
    }
  }

  private void append() throws InterruptedException {
    while (true) {
      try {
        rows.flush();
        return;
      } catch (HttpError e) {
        if (e.status() != 429 && e.status() != 503) {
          rows.drop();
          return;
        }
        Thread.sleep(RETRY_MS);
      }
    }
  }
}
