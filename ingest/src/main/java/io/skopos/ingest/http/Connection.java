// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.http;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.SocketChannel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An open way to a server. Closing it, from any thread, ends whatever waits on it: deadlines and
 * interruptions work by that.
 */
final class Connection implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(Connection.class);

  private final SocketChannel channel;
  private final InputStream in;
  private final OutputStream out;
  boolean reused;
  long idleSinceNanos;

  Connection(SocketChannel channel, InputStream in, OutputStream out) {
    this.channel = channel;
    this.in = new BufferedInputStream(in, 16 << 10);
    this.out = out;
  }

  SocketChannel channel() {
    return channel;
  }

  InputStream in() {
    return in;
  }

  void write(byte[]... pieces) throws IOException {
    for (byte[] piece : pieces) {
      if (piece.length > 0) {
        out.write(piece);
      }
    }
    out.flush();
  }

  @Override
  public void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // It is of no use any more either way.
      log.debug("closing a connection", e);
    }
  }
}
