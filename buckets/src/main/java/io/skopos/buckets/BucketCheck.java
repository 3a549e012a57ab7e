// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.VersionedObject;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tries on objects of its own whether a bucket does what the store builds on: a store that accepts
 * a condition and ignores it would lose data in silence. The objects lie under {@value #FOLDER},
 * which no key can reach.
 */
final class BucketCheck {

  private static final Logger LOG = LoggerFactory.getLogger(BucketCheck.class);

  static final String FOLDER = "~probe/";

  private static final byte[] FIRST = bytes("0123456789");
  private static final byte[] SECOND = bytes("abcdefghijkl");

  private final Bucket bucket;
  private final Calls calls;
  private final String folder;

  BucketCheck(Bucket bucket, Calls calls, String prefix) {
    this.bucket = bucket;
    this.calls = calls;
    this.folder = prefix + FOLDER + BucketObjectStore.newToken() + "/";
  }

  Abilities run() throws IOException {
    // Their order tells a store that sorts by folders from one that sorts by characters.
    String key = folder + "a-1";
    String other = folder + "a/1";
    list("");
    try {
      String first = put(key, FIRST, new PutCondition.Always());
      String second = put(other, SECOND, new PutCondition.Always());
      refusesToReplace(key);
      refusesAnotherVersion(key, second);
      String third = put(key, SECOND, new PutCondition.IfVersion(first));
      put(key, FIRST, new PutCondition.IfVersion(third));
      readsRanges(key);
      listsInOrder(key, other);
      boolean keepsTokens = keepsTokens();
      boolean conditionalComplete = completesConditionally(other);
      boolean conditionalDelete = deletesConditionally(key, second);
      delete(key);
      delete(other);
      if (head(key) != null) {
        throw lacking("an object is still there after its deletion");
      }
      Abilities abilities = new Abilities(conditionalDelete, conditionalComplete, keepsTokens);
      tell(abilities);
      return abilities;
    } finally {
      tidy(key);
      tidy(other);
    }
  }

  private void refusesToReplace(String key) throws IOException {
    try {
      put(key, SECOND, new PutCondition.IfAbsent());
    } catch (RequestFailure e) {
      require(e, "writing only where there is none (If-None-Match)");
      return;
    }
    throw lacking("it ignores If-None-Match: an object was replaced that must not be");
  }

  private void refusesAnotherVersion(String key, String version) throws IOException {
    try {
      put(key, SECOND, new PutCondition.IfVersion(version));
    } catch (RequestFailure e) {
      require(e, "replacing one version only (If-Match)");
      return;
    }
    throw lacking("it ignores If-Match: an object of another version was replaced");
  }

  private void require(RequestFailure failure, String what) throws IOException {
    if (failure.kind() != FailureKind.PRECONDITION) {
      throw new IOException(
          bucket.description()
              + " cannot be used: "
              + what
              + " is not possible ("
              + failure.getMessage()
              + ")",
          failure);
    }
  }

  private void readsRanges(String key) throws IOException {
    ByteBuffer range = ByteBuffer.allocate(4);
    VersionedObject whole;
    try {
      calls.call(
          Operation.GET_RANGE,
          key,
          () -> {
            range.clear();
            bucket.getRange(key, 3, range);
            return "";
          });
      whole = calls.call(Operation.GET, key, () -> bucket.get(key, 100));
    } catch (RequestFailure e) {
      throw explained("reading objects", e);
    }
    if (!Arrays.equals(whole.bytes(), FIRST)
        || !Arrays.equals(range.array(), Arrays.copyOfRange(FIRST, 3, 7))) {
      throw lacking("it gives back other bytes than were written");
    }
  }

  private void listsInOrder(String key, String other) throws IOException {
    List<String> all = list("").stream().map(ObjectSummary::key).toList();
    if (!all.equals(List.of(key, other))) {
      throw lacking("its listing is not what was written, in order of the keys: " + all);
    }
    List<String> behind = list(key).stream().map(ObjectSummary::key).toList();
    if (!behind.equals(List.of(other))) {
      throw lacking("its listing does not begin behind a given key: " + behind);
    }
  }

  private boolean keepsTokens() throws IOException {
    String key = folder + "c";
    try {
      calls.call(
          Operation.PUT,
          key,
          () -> bucket.put(key, FIRST, new PutCondition.Always(), "token-of-the-probe"));
      ObjectHead head = head(key);
      return head != null && "token-of-the-probe".equals(head.writeToken());
    } finally {
      tidy(key);
    }
  }

  private boolean completesConditionally(String taken) throws IOException {
    Bucket.Upload upload;
    try {
      upload =
          calls.call(
              Operation.BEGIN_UPLOAD,
              taken,
              () -> bucket.upload(taken, BucketObjectStore.newToken()));
    } catch (RequestFailure e) {
      throw explained("uploading in pieces", e);
    }
    try {
      calls.call(
          Operation.COMPLETE_UPLOAD,
          taken,
          () -> {
            upload.complete(1, 0, ByteBuffer.wrap(FIRST), true);
            return "";
          });
      return false;
    } catch (RequestFailure e) {
      if (e.kind() == FailureKind.DENIED) {
        throw explained("uploading in pieces", e);
      }
      try {
        upload.abort();
      } catch (IOException ignored) {
        LOG.debug("the probe's upload was left behind", ignored);
      }
      return e.kind() == FailureKind.PRECONDITION;
    }
  }

  private boolean deletesConditionally(String key, String version) throws IOException {
    try {
      calls.call(
          Operation.DELETE,
          key,
          () -> {
            bucket.delete(key, version);
            return "";
          });
      return false;
    } catch (RequestFailure e) {
      if (e.kind() == FailureKind.DENIED) {
        throw explained("deleting objects", e);
      }
      return e.kind() == FailureKind.PRECONDITION;
    }
  }

  private void tell(Abilities abilities) {
    if (!abilities.conditionalDelete()) {
      LOG.warn(
          "{} deletes without comparing the version; this process compares before it deletes, but"
              + " two servers must not write the same prefix",
          bucket.description());
    }
    if (!abilities.conditionalComplete()) {
      LOG.warn(
          "{} completes uploads in pieces over an object that is there; this process looks first",
          bucket.description());
    }
    if (!abilities.keepsTokens()) {
      LOG.warn(
          "{} does not keep metadata of objects; a write whose answer is lost may be reported as"
              + " failed although it was carried out",
          bucket.description());
    }
  }

  private List<ObjectSummary> list(String after) throws IOException {
    try {
      return calls.call(Operation.LIST, folder, () -> bucket.list(folder, after, 10)).objects();
    } catch (RequestFailure e) {
      throw explained("listing objects", e);
    }
  }

  private String put(String key, byte[] bytes, PutCondition condition) throws IOException {
    try {
      return calls.call(
          Operation.PUT,
          key,
          () -> bucket.put(key, bytes, condition, BucketObjectStore.newToken()));
    } catch (RequestFailure e) {
      if (e.kind() == FailureKind.PRECONDITION || e.kind() == FailureKind.UNSUPPORTED) {
        throw e;
      }
      throw explained("writing objects", e);
    }
  }

  private @Nullable ObjectHead head(String key) throws IOException {
    try {
      return calls.call(Operation.HEAD, key, () -> bucket.head(key));
    } catch (RequestFailure e) {
      if (e.kind() == FailureKind.MISSING) {
        return null;
      }
      throw explained("looking at objects", e);
    }
  }

  private void delete(String key) throws IOException {
    try {
      calls.call(
          Operation.DELETE,
          key,
          () -> {
            bucket.delete(key, null);
            return "";
          });
    } catch (RequestFailure e) {
      // The conditional deletion may have taken it.
      if (e.kind() != FailureKind.MISSING) {
        throw explained("deleting objects", e);
      }
    }
  }

  private void tidy(String key) {
    try {
      bucket.delete(key, null);
    } catch (IOException e) {
      LOG.debug("the probe's object {} was left behind", key, e);
    }
  }

  private IOException explained(String what, RequestFailure failure) {
    String why =
        switch (failure.kind()) {
          case DENIED -> what + " is denied to these credentials";
          case CREDENTIALS -> "the credentials are not accepted";
          case NO_BUCKET -> "there is no such bucket";
          case WRONG_REGION -> "the bucket lies in another region";
          case UNSUPPORTED -> what + " is not something this store can do";
          case MISSING, PRECONDITION, REFUSED -> what + " does not work";
          case UNREACHABLE,
              UNAVAILABLE,
              TIMEOUT,
              TRUNCATED,
              THROTTLED,
              CONTENDED,
              STALE_SIGNATURE ->
              "the store does not answer";
        };
    return new IOException(
        bucket.description() + " cannot be used: " + why + " (" + failure.getMessage() + ")",
        failure);
  }

  private IOException lacking(String what) {
    return new IOException(bucket.description() + " cannot be used: " + what);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
