// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.skopos.storage.objects.MissingObject;
import io.skopos.storage.objects.ObjectKeys;
import io.skopos.storage.objects.ObjectStore;
import io.skopos.storage.objects.ObjectStoreConfig.Requests;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.ObjectTooLarge;
import io.skopos.storage.objects.ObjectWriter;
import io.skopos.storage.objects.VersionConflict;
import io.skopos.storage.objects.VersionedObject;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * A bucket as object store.
 *
 * <p>Each object carries a token of its writer. When the answer to a conditional write is lost and
 * the repetition is refused, the token tells whether the first one had been carried out: a {@link
 * VersionConflict} is thrown only if nothing was written.
 *
 * <p>Where the store knows no conditional deletion ({@link Abilities}), the version is compared
 * before the deletion, under a lock that this process's other writes of the key take; another
 * process may write in between.
 */
public final class BucketObjectStore implements ObjectStore, AutoCloseable {

  private static final int MAX_PAGE = 1000;
  private static final SecureRandom RANDOM = new SecureRandom();

  private final Bucket bucket;
  private final String prefix;
  private final Requests bounds;
  private final BucketMetrics metrics;
  private final Calls calls;
  private final ReentrantLock[] keyLocks = new ReentrantLock[64];
  private volatile Abilities abilities = Abilities.ALL;

  /**
   * @param prefix empty, or what stands before all keys, with a slash between
   */
  public BucketObjectStore(
      Bucket bucket, String prefix, Requests bounds, PrometheusRegistry registry) {
    this.bucket = bucket;
    this.prefix = prefix.isEmpty() ? "" : prefix + "/";
    this.bounds = bounds;
    this.metrics = new BucketMetrics(registry);
    this.calls = new Calls(bucket.description(), bounds, metrics);
    Arrays.setAll(keyLocks, i -> new ReentrantLock());
  }

  /** What and where the bucket is. */
  public String description() {
    return bucket.description() + (prefix.isEmpty() ? "" : " below '" + prefix + "'");
  }

  /**
   * Tries what the bucket can do; from then on, what it lacks is done otherwise.
   *
   * @throws IOException saying what is denied or missing without which there can be no store
   */
  public Abilities verify() throws IOException {
    Abilities found = new BucketCheck(bucket, calls, prefix).run();
    abilities = found;
    return found;
  }

  @Override
  public ObjectWriter create(String key) throws IOException {
    return new BucketWriter(this, key, locate(key), partBytes(), bucket.maxParts());
  }

  @Override
  public String put(String key, byte[] bytes) throws IOException {
    return write(key, bytes, new PutCondition.Always());
  }

  @Override
  public String putIfAbsent(String key, byte[] bytes) throws IOException {
    return write(key, bytes, new PutCondition.IfAbsent());
  }

  @Override
  public String replace(String key, String expectedVersion, byte[] bytes) throws IOException {
    return write(key, bytes, new PutCondition.IfVersion(expectedVersion));
  }

  @Override
  public @Nullable VersionedObject get(String key, int maxBytes) throws IOException {
    String location = locate(key);
    try {
      VersionedObject found =
          calls
              .call(Operation.GET, location, () -> present(() -> bucket.get(location, maxBytes)))
              .orElse(null);
      if (found != null) {
        metrics.bytes.labelValues("in").inc(found.bytes().length);
      }
      return found;
    } catch (RequestFailure e) {
      throw failed(Operation.GET, location, e);
    }
  }

  @Override
  public void getRange(String key, long offset, ByteBuffer into) throws IOException {
    String location = locate(key);
    int begin = into.position();
    int length = into.remaining();
    if (offset < 0) {
      throw new IllegalArgumentException("an offset of " + offset + " is negative");
    }
    if (length == 0) {
      return;
    }
    try {
      calls.call(
          Operation.GET_RANGE,
          location,
          () -> {
            into.position(begin);
            bucket.getRange(location, offset, into);
            return true;
          });
      metrics.bytes.labelValues("in").inc(length);
    } catch (EOFException e) {
      throw new EOFException(
          bucket.description()
              + ": object '"
              + location
              + "' ends before "
              + (offset + length)
              + " bytes");
    } catch (RequestFailure e) {
      if (e.kind() == FailureKind.MISSING) {
        throw new MissingObject(
            bucket.description() + ": there is no object '" + location + "'", e);
      }
      throw failed(Operation.GET_RANGE, location, e);
    }
  }

  @Override
  public OptionalLong size(String key) throws IOException {
    ObjectHead head = head(locate(key));
    return head == null ? OptionalLong.empty() : OptionalLong.of(head.size());
  }

  @Override
  public List<ObjectSummary> list(String keyPrefix, String after, int limit) throws IOException {
    if (limit < 1) {
      throw new IllegalArgumentException("a listing's limit of " + limit + " is not positive");
    }
    String listed = prefix + keyPrefix;
    String from = after.isEmpty() ? "" : prefix + after;
    while (true) {
      String begin = from;
      ListPage page;
      try {
        page =
            calls.call(
                Operation.LIST,
                listed,
                () -> bucket.list(listed, begin, Math.min(limit, MAX_PAGE)));
      } catch (RequestFailure e) {
        throw failed(Operation.LIST, listed, e);
      }
      List<ObjectSummary> objects = own(page.objects());
      if (!objects.isEmpty() || page.next() == null) {
        return objects;
      }
      from = page.next();
    }
  }

  /** Objects are durable once visible. */
  @Override
  public void settle(String keyPrefix) {}

  @Override
  public boolean delete(String key) throws IOException {
    String location = locate(key);
    if (head(location) == null) {
      return false;
    }
    remove(location, null);
    return true;
  }

  @Override
  public void delete(String key, String expectedVersion) throws IOException {
    String location = locate(key);
    guarded(
        location,
        () -> {
          // S3 answers a conditional deletion of what is not there as it answers a done one.
          ObjectHead head = head(location);
          if (head == null || !head.version().equals(expectedVersion)) {
            throw new VersionConflict(
                bucket.description()
                    + ": object '"
                    + location
                    + (head == null ? "' is gone" : "' has version " + head.version())
                    + ", version "
                    + expectedVersion
                    + " was expected");
          }
          remove(location, abilities.conditionalDelete() ? expectedVersion : null);
          return "";
        });
  }

  @Override
  public void close() {
    bucket.close();
  }

  private String write(String key, byte[] bytes, PutCondition condition) throws IOException {
    String location = locate(key);
    if (bytes.length > MAX_WHOLE_BYTES) {
      throw new ObjectTooLarge(
          bucket.description()
              + ": object '"
              + location
              + "' would have "
              + bytes.length
              + " bytes, the limit for one piece is "
              + MAX_WHOLE_BYTES);
    }
    // The loser of a race in this process would only be refused, and not every store that knows
    // If-Match compares and writes in one step.
    return condition instanceof PutCondition.IfVersion
        ? inTurn(location, () -> put(location, bytes, condition))
        : guarded(location, () -> put(location, bytes, condition));
  }

  private String put(String location, byte[] bytes, PutCondition condition) throws IOException {
    String token = newToken();
    try {
      String version =
          calls.call(
              Operation.PUT,
              location,
              () -> bucket.put(location, bytes, condition, token),
              refused -> versionIfOurs(Operation.PUT, location, token, refused));
      metrics.bytes.labelValues("out").inc(bytes.length);
      return version;
    } catch (RequestFailure e) {
      boolean conditional = !(condition instanceof PutCondition.Always);
      boolean gone = condition instanceof PutCondition.IfVersion && e.kind() == FailureKind.MISSING;
      if (conditional && (e.kind() == FailureKind.PRECONDITION || gone)) {
        throw conflict(location, condition, e);
      }
      throw failed(Operation.PUT, location, e);
    }
  }

  private void remove(String location, @Nullable String version) throws IOException {
    try {
      calls.call(
          Operation.DELETE,
          location,
          () -> {
            bucket.delete(location, version);
            return true;
          },
          refused -> {
            // The lost answer may have been ours: then there is nothing or a later one.
            if (refused.kind() == FailureKind.MISSING) {
              return true;
            }
            throw new IOException(
                calls.what(Operation.DELETE, location)
                    + " got no answer, and now another version is there; whether the deletion was"
                    + " carried out before cannot be told",
                refused);
          });
    } catch (RequestFailure e) {
      if (e.kind() == FailureKind.MISSING && version == null) {
        return;
      }
      if (e.kind() == FailureKind.PRECONDITION || e.kind() == FailureKind.MISSING) {
        VersionConflict conflict =
            new VersionConflict(
                bucket.description()
                    + ": object '"
                    + location
                    + "' is not of version "
                    + version
                    + " any more");
        conflict.initCause(e);
        throw conflict;
      }
      throw failed(Operation.DELETE, location, e);
    }
  }

  // --- what the writer of large objects uses ---

  String putWhole(String location, byte[] bytes) throws IOException {
    return guarded(location, () -> put(location, bytes, new PutCondition.IfAbsent()));
  }

  Bucket.Upload beginUpload(String location, String token) throws IOException {
    try {
      return calls.call(Operation.BEGIN_UPLOAD, location, () -> bucket.upload(location, token));
    } catch (RequestFailure e) {
      throw failed(Operation.BEGIN_UPLOAD, location, e);
    }
  }

  void uploadPart(
      Bucket.Upload upload, String location, int number, long offset, byte[] bytes, int length)
      throws IOException {
    try {
      calls.call(
          Operation.UPLOAD_PART,
          location,
          () -> {
            upload.part(number, offset, ByteBuffer.wrap(bytes, 0, length));
            return true;
          });
      metrics.bytes.labelValues("out").inc(length);
    } catch (RequestFailure e) {
      throw failed(Operation.UPLOAD_PART, location, e);
    }
  }

  void completeUpload(
      Bucket.Upload upload,
      String location,
      String token,
      int number,
      long offset,
      byte[] bytes,
      int length)
      throws IOException {
    boolean asked = abilities.conditionalComplete();
    if (!asked && head(location) != null) {
      throw conflict(location, new PutCondition.IfAbsent(), null);
    }
    try {
      calls.call(
          Operation.COMPLETE_UPLOAD,
          location,
          () -> {
            upload.complete(number, offset, ByteBuffer.wrap(bytes, 0, length), asked);
            return "";
          },
          refused -> versionIfOurs(Operation.COMPLETE_UPLOAD, location, token, refused));
      metrics.bytes.labelValues("out").inc(length);
    } catch (RequestFailure e) {
      if (e.kind() == FailureKind.PRECONDITION) {
        throw conflict(location, new PutCondition.IfAbsent(), e);
      }
      throw failed(Operation.COMPLETE_UPLOAD, location, e);
    }
  }

  void abortUpload(Bucket.Upload upload, String location) throws IOException {
    calls.call(
        Operation.ABORT_UPLOAD,
        location,
        () -> {
          upload.abort();
          return true;
        });
  }

  static String newToken() {
    byte[] token = new byte[16];
    RANDOM.nextBytes(token);
    return HexFormat.of().formatHex(token);
  }

  // --- what all use ---

  /** An earlier attempt got no answer and this one was refused: was the earlier one done? */
  private String versionIfOurs(
      Operation operation, String location, String token, RequestFailure refused)
      throws IOException {
    ObjectHead head = head(location);
    if (head != null && token.equals(head.writeToken())) {
      return head.version();
    }
    throw new IOException(
        calls.what(operation, location)
            + " got no answer, and its repetition was refused ("
            + refused.getMessage()
            + "); whether it was written in between cannot be told",
        refused);
  }

  private @Nullable ObjectHead head(String location) throws IOException {
    try {
      return calls
          .call(Operation.HEAD, location, () -> present(() -> bucket.head(location)))
          .orElse(null);
    } catch (RequestFailure e) {
      throw failed(Operation.HEAD, location, e);
    }
  }

  /** A missing object is an answer, not a failure. */
  private static <T> Optional<T> present(Calls.Attempt<T> asking) throws IOException {
    try {
      return Optional.of(asking.run());
    } catch (RequestFailure e) {
      if (e.kind() == FailureKind.MISSING) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private IOException failed(Operation operation, String location, RequestFailure failure) {
    metrics.failedCalls.labelValues(operation.label()).inc();
    return new IOException(
        calls.what(operation, location) + " failed: " + failure.getMessage(), failure);
  }

  private VersionConflict conflict(
      String location, PutCondition condition, @Nullable RequestFailure cause) {
    String reason =
        switch (condition) {
          case PutCondition.IfVersion(String version) ->
              "is not of version " + version + " any more";
          case PutCondition.IfAbsent() -> "exists already";
          case PutCondition.Always() -> "was changed";
        };
    VersionConflict conflict =
        new VersionConflict(bucket.description() + ": object '" + location + "' " + reason);
    if (cause != null) {
      conflict.initCause(cause);
    }
    return conflict;
  }

  // Others' objects (markers of folders, say) are not ours to see.
  private List<ObjectSummary> own(List<ObjectSummary> found) {
    List<ObjectSummary> objects = new ArrayList<>(found.size());
    for (ObjectSummary object : found) {
      String key = object.key().substring(prefix.length());
      if (ObjectKeys.isKey(key)) {
        objects.add(new ObjectSummary(key, object.size()));
      }
    }
    return objects;
  }

  private int partBytes() {
    return (int) Math.max(bounds.partSize().bytes(), bucket.minPartBytes());
  }

  private String locate(String key) {
    ObjectKeys.check(key);
    return prefix + key;
  }

  /** Where the store cannot compare and delete, this process's writers of a key take turns. */
  private <T> T guarded(String location, Calls.Attempt<T> write) throws IOException {
    return abilities.conditionalDelete() ? write.run() : inTurn(location, write);
  }

  private <T> T inTurn(String location, Calls.Attempt<T> write) throws IOException {
    int hash = location.hashCode();
    ReentrantLock lock = keyLocks[(hash ^ (hash >>> 16)) & (keyLocks.length - 1)];
    lock.lock();
    try {
      return write.run();
    } finally {
      lock.unlock();
    }
  }
}
