// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.testkit.storage;

import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.ObjectWriter;
import io.skopos.storage.objects.StoreUnavailable;
import io.skopos.storage.objects.VersionedObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A bucket that fails, dawdles and forgets on request, in front of one that does not. */
public final class FaultyObjectStore implements ObjectStore {

  private final ObjectStore real;
  private final AtomicLong calls = new AtomicLong();
  private volatile Behaviour behaviour = (call, key) -> Outcome.WORKS;
  private volatile long delayNanos;

  /** What becomes of a call. */
  public enum Outcome {
    WORKS,
    /** An error, and nothing was done. */
    FAILS,
    /** An error, but it was done: the answer was lost on the way. */
    IS_DONE_AND_FAILS,
    /** A range is cut off in the middle, a listing lacks its end; others fail. */
    IS_PARTIAL
  }

  /** What a call is. */
  public enum Call {
    CREATE,
    PUT,
    GET,
    RANGE,
    SIZE,
    LIST,
    DELETE
  }

  /** Decides call by call; called by many threads. */
  @FunctionalInterface
  public interface Behaviour {
    Outcome of(Call call, String key);
  }

  public FaultyObjectStore(ObjectStore real) {
    this.real = real;
  }

  public void behave(Behaviour next) {
    behaviour = next;
  }

  /** Every call fails until {@link #comesBack}. */
  public void goesAway() {
    behaviour = (call, key) -> Outcome.FAILS;
  }

  public void comesBack() {
    behaviour = (call, key) -> Outcome.WORKS;
    delayNanos = 0;
  }

  public void delayMs(long ms) {
    delayNanos = ms * 1_000_000;
  }

  public long calls() {
    return calls.get();
  }

  /** A call that changes or finds something. */
  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException;
  }

  private <T> T call(Call call, String key, Work<T> work) throws IOException {
    calls.incrementAndGet();
    if (delayNanos > 0) {
      LockSupport.parkNanos(delayNanos);
    }
    return switch (behaviour.of(call, key)) {
      case WORKS -> work.run();
      case FAILS, IS_PARTIAL ->
          throw new StoreUnavailable("503 Slow Down: " + call + " " + key, null);
      case IS_DONE_AND_FAILS -> {
        T _ = work.run();
        throw new StoreUnavailable("connection reset after " + call + " " + key, null);
      }
    };
  }

  @Override
  public ObjectWriter create(String key) throws IOException {
    ObjectWriter writer = call(Call.CREATE, key, () -> real.create(key));
    return new ObjectWriter() {
      @Override
      public void write(ByteBuffer... buffers) throws IOException {
        writer.write(buffers);
      }

      @Override
      public long length() {
        return writer.length();
      }

      @Override
      public void finish() throws IOException {
        boolean _ =
            call(
                Call.CREATE,
                key,
                () -> {
                  writer.finish();
                  return true;
                });
      }

      @Override
      public void close() {
        writer.close();
      }
    };
  }

  @Override
  public String put(String key, byte[] bytes) throws IOException {
    return call(Call.PUT, key, () -> real.put(key, bytes));
  }

  @Override
  public String putIfAbsent(String key, byte[] bytes) throws IOException {
    return call(Call.PUT, key, () -> real.putIfAbsent(key, bytes));
  }

  @Override
  public String replace(String key, String expectedVersion, byte[] bytes) throws IOException {
    return call(Call.PUT, key, () -> real.replace(key, expectedVersion, bytes));
  }

  @Override
  public @Nullable VersionedObject get(String key, int maxBytes) throws IOException {
    return call(Call.GET, key, () -> Optional.ofNullable(real.get(key, maxBytes))).orElse(null);
  }

  @Override
  public void getRange(String key, long offset, ByteBuffer into) throws IOException {
    if (behaviour.of(Call.RANGE, key) == Outcome.IS_PARTIAL) {
      int limit = into.limit();
      into.limit(into.position() + into.remaining() / 2);
      real.getRange(key, offset, into);
      into.limit(limit);
      throw new IOException("premature end of the body of " + key);
    }
    boolean _ =
        call(
            Call.RANGE,
            key,
            () -> {
              real.getRange(key, offset, into);
              return true;
            });
  }

  @Override
  public OptionalLong size(String key) throws IOException {
    return call(Call.SIZE, key, () -> real.size(key));
  }

  @Override
  public List<ObjectSummary> list(String prefix, String after, int limit) throws IOException {
    if (behaviour.of(Call.LIST, prefix) == Outcome.IS_PARTIAL) {
      List<ObjectSummary> whole = real.list(prefix, after, limit);
      return whole.subList(0, whole.size() / 2);
    }
    return call(Call.LIST, prefix, () -> real.list(prefix, after, limit));
  }

  @Override
  public void settle(String prefix) throws IOException {
    real.settle(prefix);
  }

  @Override
  public boolean delete(String key) throws IOException {
    return call(Call.DELETE, key, () -> real.delete(key));
  }

  @Override
  public void delete(String key, String expectedVersion) throws IOException {
    boolean _ =
        call(
            Call.DELETE,
            key,
            () -> {
              real.delete(key, expectedVersion);
              return true;
            });
  }
}
