// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.http;

import io.skopos.buckets.http.HttpTransport.NotInTime;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** A body that is cut off when time is up: the JDK's own timeout ends with the headers. */
final class TimedBody extends FilterInputStream {

  private final Duration time;
  private volatile boolean late;
  private @Nullable Future<?> alarm;

  TimedBody(InputStream body, Duration time) {
    super(body);
    this.time = time;
  }

  void alarm(Future<?> pending) {
    alarm = pending;
  }

  void timeIsUp() {
    late = true;
    try {
      in.close();
    } catch (IOException e) {
      // The reader is told anyway.
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      int count = in.read(bytes, offset, length);
      if (count < 0) {
        checkTime(null);
      }
      return count;
    } catch (NotInTime e) {
      throw e;
    } catch (IOException e) {
      checkTime(e);
      throw e;
    }
  }

  @Override
  public void close() throws IOException {
    if (alarm != null) {
      alarm.cancel(false);
    }
    in.close();
  }

  private void checkTime(@Nullable IOException cause) throws NotInTime {
    if (late) {
      throw new NotInTime("the answer was not whole within " + time.toMillis() + " ms", cause);
    }
  }
}
