// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.s3;

import io.skopos.buckets.Bodies;
import io.skopos.buckets.Bucket;
import io.skopos.buckets.FailureKind;
import io.skopos.buckets.ListPage;
import io.skopos.buckets.ObjectHead;
import io.skopos.buckets.PutCondition;
import io.skopos.buckets.RequestFailure;
import io.skopos.buckets.http.HttpTransport;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.storage.objects.ObjectStoreConfig.Encryption;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.ObjectTooLarge;
import io.skopos.storage.objects.VersionedObject;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** An S3 bucket. Thread-safe. */
public final class S3Bucket implements Bucket {

  private static final String TOKEN = "skopos-write";
  private static final int MIN_PART_BYTES = 5 << 20;
  private static final int MAX_PARTS = 10_000;

  private final ObjectStoreConfig config;
  private final HttpTransport transport;
  private final S3Client client;
  private final String description;

  /**
   * @param transport closed with this
   */
  public S3Bucket(ObjectStoreConfig config, HttpTransport transport) throws IOException {
    this.config = config;
    this.transport = transport;
    this.client = S3Connection.open(config, transport);
    this.description =
        "S3 bucket '"
            + config.bucket()
            + "'"
            + (config.endpoint().isEmpty() ? "" : " at " + config.endpoint());
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public String put(String key, byte[] bytes, PutCondition condition, String writeToken)
      throws IOException {
    PutObjectRequest.Builder request =
        PutObjectRequest.builder()
            .bucket(config.bucket())
            .key(key)
            .contentMD5(md5(ByteBuffer.wrap(bytes)))
            .contentType("application/octet-stream")
            .metadata(Map.of(TOKEN, writeToken));
    switch (condition) {
      case PutCondition.Always() -> {}
      case PutCondition.IfAbsent() -> request.ifNoneMatch("*");
      case PutCondition.IfVersion(String version) -> request.ifMatch(version);
    }
    if (!config.storageClass().isEmpty()) {
      request.storageClass(config.storageClass());
    }
    ServerSideEncryption encryption = encryption();
    if (encryption != null) {
      request.serverSideEncryption(encryption).ssekmsKeyId(kmsKey());
    }
    try {
      return client
          .putObject(request.build(), RequestBody.fromByteBuffer(ByteBuffer.wrap(bytes)))
          .eTag();
    } catch (SdkException | UncheckedIOException e) {
      throw S3Failures.of(e);
    }
  }

  @Override
  public VersionedObject get(String key, int maxBytes) throws IOException {
    GetObjectRequest request = GetObjectRequest.builder().bucket(config.bucket()).key(key).build();
    try (ResponseInputStream<GetObjectResponse> body = client.getObject(request)) {
      long length = length(body.response());
      if (length > maxBytes) {
        body.abort();
        throw Bodies.tooLarge(description, key, length, maxBytes);
      }
      return new VersionedObject(Bodies.whole(body, (int) length), body.response().eTag());
    } catch (SdkException | UncheckedIOException e) {
      throw S3Failures.of(e);
    } catch (ObjectTooLarge e) {
      throw e;
    } catch (IOException e) {
      throw RequestFailure.of(e);
    }
  }

  @Override
  public void getRange(String key, long offset, ByteBuffer into) throws IOException {
    int wanted = into.remaining();
    GetObjectRequest request =
        GetObjectRequest.builder()
            .bucket(config.bucket())
            .key(key)
            .range("bytes=" + offset + "-" + (offset + wanted - 1))
            .build();
    try (ResponseInputStream<GetObjectResponse> body = client.getObject(request)) {
      String range = body.response().contentRange();
      if (range == null || !range.startsWith("bytes " + offset + "-")) {
        body.abort();
        throw new RequestFailure(
            FailureKind.UNSUPPORTED, "answered a range with something else", null);
      }
      if (length(body.response()) < wanted) {
        body.abort();
        throw new EndOfObject();
      }
      Bodies.fill(body, into);
    } catch (SdkException | UncheckedIOException e) {
      IOException failure = S3Failures.of(e);
      if (e instanceof AwsServiceException service && service.statusCode() == 416) {
        throw new EOFException();
      }
      throw failure;
    } catch (EndOfObject e) {
      throw new EOFException();
    } catch (IOException e) {
      throw RequestFailure.of(e);
    }
  }

  @Override
  public ObjectHead head(String key) throws IOException {
    try {
      HeadObjectResponse head =
          client.headObject(request -> request.bucket(config.bucket()).key(key));
      return new ObjectHead(head.contentLength(), head.eTag(), head.metadata().get(TOKEN));
    } catch (SdkException | UncheckedIOException e) {
      throw S3Failures.of(e);
    }
  }

  @Override
  public ListPage list(String prefix, String after, int limit) throws IOException {
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder().bucket(config.bucket()).prefix(prefix).maxKeys(limit);
    if (!after.isEmpty()) {
      request.startAfter(after);
    }
    try {
      ListObjectsV2Response page = client.listObjectsV2(request.build());
      List<ObjectSummary> objects = new ArrayList<>();
      page.contents()
          .forEach(object -> objects.add(new ObjectSummary(object.key(), object.size())));
      boolean more = Boolean.TRUE.equals(page.isTruncated()) && !objects.isEmpty();
      return new ListPage(objects, more ? objects.getLast().key() : null);
    } catch (SdkException | UncheckedIOException e) {
      throw S3Failures.of(e);
    }
  }

  @Override
  public void delete(String key, @Nullable String version) throws IOException {
    try {
      client.deleteObject(request -> {
        request.bucket(config.bucket()).key(key);
        if (version != null) {
          request.ifMatch(version);
        }
      });
    } catch (SdkException | UncheckedIOException e) {
      throw S3Failures.of(e);
    }
  }

  @Override
  public Upload upload(String key, String writeToken) throws IOException {
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder()
            .bucket(config.bucket())
            .key(key)
            .contentType("application/octet-stream")
            .metadata(Map.of(TOKEN, writeToken));
    if (!config.storageClass().isEmpty()) {
      request.storageClass(config.storageClass());
    }
    ServerSideEncryption encryption = encryption();
    if (encryption != null) {
      request.serverSideEncryption(encryption).ssekmsKeyId(kmsKey());
    }
    try {
      return new Pieces(key, client.createMultipartUpload(request.build()).uploadId());
    } catch (SdkException | UncheckedIOException e) {
      throw S3Failures.of(e);
    }
  }

  @Override
  public int minPartBytes() {
    return MIN_PART_BYTES;
  }

  @Override
  public int maxParts() {
    return MAX_PARTS;
  }

  @Override
  public void close() {
    client.close();
    transport.close();
  }

  private @Nullable ServerSideEncryption encryption() {
    return switch (config.encryption().type()) {
      case NONE -> null;
      case S3 -> ServerSideEncryption.AES256;
      case KMS -> ServerSideEncryption.AWS_KMS;
    };
  }

  private @Nullable String kmsKey() {
    Encryption encryption = config.encryption();
    return encryption.kmsKeyId().isEmpty() ? null : encryption.kmsKeyId();
  }

  private static long length(GetObjectResponse response) throws RequestFailure {
    Long length = response.contentLength();
    if (length == null) {
      throw new RequestFailure(FailureKind.REFUSED, "answered without a Content-Length", null);
    }
    return length;
  }

  private static String md5(ByteBuffer bytes) {
    try {
      MessageDigest digest = MessageDigest.getInstance("MD5");
      digest.update(bytes);
      return Base64.getEncoder().encodeToString(digest.digest());
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has MD5", e);
    }
  }

  /** Keeps the end of the object apart from a connection's end. */
  private static final class EndOfObject extends IOException {
    private static final long serialVersionUID = 1L;
  }

  private final class Pieces implements Upload {

    private final String key;
    private final String id;
    private final List<CompletedPart> done = new ArrayList<>();

    Pieces(String key, String id) {
      this.key = key;
      this.id = id;
    }

    @Override
    public void part(int number, long offset, ByteBuffer bytes) throws IOException {
      try {
        String tag =
            client
                .uploadPart(
                    request ->
                        request
                            .bucket(config.bucket())
                            .key(key)
                            .uploadId(id)
                            .partNumber(number)
                            .contentMD5(md5(bytes.duplicate())),
                    RequestBody.fromRemainingByteBuffer(bytes.duplicate()))
                .eTag();
        done.removeIf(part -> part.partNumber() == number);
        done.add(CompletedPart.builder().partNumber(number).eTag(tag).build());
      } catch (SdkException | UncheckedIOException e) {
        throw S3Failures.of(e);
      }
    }

    @Override
    public void complete(int number, long offset, ByteBuffer last, boolean ifAbsent)
        throws IOException {
      if (done.size() < number) {
        part(number, offset, last);
      }
      try {
        client.completeMultipartUpload(request -> {
          request
              .bucket(config.bucket())
              .key(key)
              .uploadId(id)
              .multipartUpload(upload -> upload.parts(done));
          if (ifAbsent) {
            request.ifNoneMatch("*");
          }
        });
      } catch (SdkException | UncheckedIOException e) {
        throw S3Failures.of(e);
      }
    }

    @Override
    public void abort() throws IOException {
      try {
        client.abortMultipartUpload(
            request -> request.bucket(config.bucket()).key(key).uploadId(id));
      } catch (SdkException | UncheckedIOException e) {
        throw S3Failures.of(e);
      }
    }
  }
}
