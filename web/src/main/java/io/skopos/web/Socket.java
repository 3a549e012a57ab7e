// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import com.linecorp.armeria.common.websocket.WebSocket;
import com.linecorp.armeria.common.websocket.WebSocketCloseStatus;
import com.linecorp.armeria.common.websocket.WebSocketWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A WebSocket that sends texts; what the client sends is passed over. Nothing is queued here: each
 * text waits until the one before is on the wire. Used by one sender; closing is thread-safe.
 */
public final class Socket {

  private final WebSocketWriter writer = WebSocket.streaming();
  private final Duration stallTimeout;
  private final List<Runnable> closeActions = new ArrayList<>(2);
  private boolean closed;

  Socket(Duration stallTimeout) {
    this.stallTimeout = stallTimeout;
  }

  WebSocketWriter writer() {
    return writer;
  }

  /**
   * @throws IOException when the client is gone, or takes nothing for too long
   */
  public void send(String text) throws IOException {
    if (!writer.tryWrite(text)) {
      throw new IOException("the client closed the connection");
    }
    try {
      writer.whenConsumed().get(stallTimeout.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      throw new IOException(
          "the client took nothing for " + stallTimeout.toMillis() + "ms (web.stall_timeout)", e);
    } catch (ExecutionException e) {
      throw new IOException("the client closed the connection", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the server is shutting down", e);
    }
  }

  /** Calls {@code action} once, when the socket is closed by either side. */
  public void onClose(Runnable action) {
    boolean now;
    synchronized (this) {
      now = closed;
      if (!now) {
        closeActions.add(action);
      }
    }
    if (now) {
      action.run();
    }
  }

  /** Says why, unless it is closed already: of several at a time one does, as browsers mind two. */
  public void close(String reason) {
    List<Runnable> actions;
    synchronized (this) {
      if (closed) {
        return;
      }
      closed = true;
      actions = List.copyOf(closeActions);
    }
    if (writer.isOpen()) {
      String cut = reason.length() > 100 ? reason.substring(0, 100) : reason;
      writer.close(WebSocketCloseStatus.NORMAL_CLOSURE, cut);
    }
    actions.forEach(Runnable::run);
  }
}
