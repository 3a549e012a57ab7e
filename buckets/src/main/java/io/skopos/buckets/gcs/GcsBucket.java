// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.gcs;

import io.skopos.buckets.Bucket;
import io.skopos.buckets.FailureKind;
import io.skopos.buckets.ListPage;
import io.skopos.buckets.ObjectHead;
import io.skopos.buckets.PutCondition;
import io.skopos.buckets.RequestDeadline;
import io.skopos.buckets.RequestFailure;
import io.skopos.buckets.http.HttpAnswer;
import io.skopos.buckets.http.HttpTransport;
import io.skopos.buckets.rest.AccessToken;
import io.skopos.buckets.rest.Addresses;
import io.skopos.buckets.rest.Answers;
import io.skopos.buckets.rest.XmlElements;
import io.skopos.storage.objects.ObjectStoreConfig;
import io.skopos.storage.objects.ObjectStoreConfig.Credentials;
import io.skopos.storage.objects.ObjectSummary;
import io.skopos.storage.objects.ObjectTooLarge;
import io.skopos.storage.objects.VersionedObject;
import java.io.EOFException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpRequest;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A bucket of Google Cloud Storage. Its versions are generations. Thread-safe. */
public final class GcsBucket implements Bucket {

  private static final String TOKEN_HEADER = "x-goog-meta-skopos-write";
  private static final String GENERATION = "x-goog-generation";
  private static final String IF_GENERATION = "x-goog-if-generation-match";

  /** Pieces of a resumable upload are multiples of this. */
  private static final int PIECE_UNIT = 256 << 10;

  private final HttpTransport transport;
  private final @Nullable AccessToken token;
  private final Duration timeout;
  private final String base;
  private final String storageClass;
  private final String description;

  /**
   * @param transport closed with this
   */
  public GcsBucket(
      ObjectStoreConfig config, HttpTransport transport, Map<String, String> environment)
      throws IOException {
    this.transport = transport;
    this.token = token(config.credentials(), transport, environment);
    this.timeout = config.requests().attemptTimeout();
    String endpoint =
        config.endpoint().isEmpty() ? "https://storage.googleapis.com" : config.endpoint();
    this.base = (endpoint.endsWith("/") ? endpoint : endpoint + "/") + config.bucket();
    this.storageClass = config.storageClass();
    this.description =
        "GCS bucket '"
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
    Map<String, String> headers = newObject(writeToken);
    switch (condition) {
      case PutCondition.Always() -> {}
      case PutCondition.IfAbsent() -> headers.put(IF_GENERATION, "0");
      case PutCondition.IfVersion(String version) -> headers.put(IF_GENERATION, version);
    }
    try (HttpAnswer answer = send("PUT", objectAddress(key), headers, ByteBuffer.wrap(bytes))) {
      require(answer, 200);
      return generation(answer);
    }
  }

  @Override
  public VersionedObject get(String key, int maxBytes) throws IOException {
    try (HttpAnswer answer = send("GET", objectAddress(key), Map.of(), null)) {
      require(answer, 200);
      return new VersionedObject(
          Answers.whole(answer, maxBytes, description, key), generation(answer));
    } catch (ObjectTooLarge e) {
      throw e;
    } catch (IOException e) {
      throw RequestFailure.of(e);
    }
  }

  @Override
  public void getRange(String key, long offset, ByteBuffer into) throws IOException {
    String range = "bytes=" + offset + "-" + (offset + into.remaining() - 1);
    boolean ended;
    try (HttpAnswer answer = send("GET", objectAddress(key), Map.of("range", range), null)) {
      if (answer.status() == 416) {
        ended = true;
      } else {
        require(answer, 206);
        ended = !Answers.fill(answer, into);
      }
    } catch (IOException e) {
      throw RequestFailure.of(e);
    }
    if (ended) {
      throw new EOFException();
    }
  }

  @Override
  public ObjectHead head(String key) throws IOException {
    try (HttpAnswer answer = send("HEAD", objectAddress(key), Map.of(), null)) {
      require(answer, 200);
      return new ObjectHead(
          Answers.length(answer),
          generation(answer),
          answer.headers().firstValue(TOKEN_HEADER).orElse(null));
    }
  }

  @Override
  public ListPage list(String prefix, String after, int limit) throws IOException {
    URI address =
        URI.create(
            base
                + "?list-type=2&max-keys="
                + limit
                + "&prefix="
                + Addresses.value(prefix)
                + (after.isEmpty() ? "" : "&start-after=" + Addresses.value(after)));
    try (HttpAnswer answer = send("GET", address, Map.of(), null)) {
      require(answer, 200);
      List<ObjectSummary> objects = new ArrayList<>();
      String key = "";
      boolean more = false;
      for (XmlElements.Element element :
          XmlElements.read(answer.body().readAllBytes(), Set.of("Key", "Size", "IsTruncated"))) {
        switch (element.name()) {
          case "Key" -> key = element.text();
          case "Size" -> objects.add(new ObjectSummary(key, Long.parseLong(element.text())));
          default -> more = element.text().equals("true");
        }
      }
      return new ListPage(objects, more && !objects.isEmpty() ? objects.getLast().key() : null);
    } catch (IOException e) {
      throw RequestFailure.of(e);
    }
  }

  @Override
  public void delete(String key, @Nullable String version) throws IOException {
    Map<String, String> headers = version == null ? Map.of() : Map.of(IF_GENERATION, version);
    try (HttpAnswer answer = send("DELETE", objectAddress(key), headers, null)) {
      require(answer, 204);
    }
  }

  @Override
  public Upload upload(String key, String writeToken) {
    return new Resumable(key, writeToken);
  }

  @Override
  public int minPartBytes() {
    return PIECE_UNIT;
  }

  @Override
  public int maxParts() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void close() {
    transport.close();
  }

  private static @Nullable AccessToken token(
      Credentials given, HttpTransport transport, Map<String, String> environment)
      throws IOException {
    if (given.anonymous()) {
      return null;
    }
    String file =
        given.serviceAccountFile().isEmpty()
            ? environment.getOrDefault("GOOGLE_APPLICATION_CREDENTIALS", "")
            : given.serviceAccountFile();
    InstantSource clock = InstantSource.system();
    return new AccessToken(
        transport,
        file.isEmpty() ? machine(environment) : ServiceAccount.read(Path.of(file), clock),
        clock);
  }

  private static AccessToken.Asking machine(Map<String, String> environment) {
    String host = environment.getOrDefault("GCE_METADATA_HOST", "metadata.google.internal");
    URI address =
        URI.create(
            "http://" + host + "/computeMetadata/v1/instance/service-accounts/default/token");
    return () -> HttpRequest.newBuilder(address).header("Metadata-Flavor", "Google").build();
  }

  private Map<String, String> newObject(String writeToken) {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("content-type", "application/octet-stream");
    headers.put(TOKEN_HEADER, writeToken);
    if (!storageClass.isEmpty()) {
      headers.put("x-goog-storage-class", storageClass);
    }
    return headers;
  }

  private URI objectAddress(String key) {
    return URI.create(base + "/" + Addresses.path(key));
  }

  private HttpAnswer send(
      String method, URI address, Map<String, String> headers, @Nullable ByteBuffer body)
      throws IOException {
    try {
      HttpRequest.Builder request =
          HttpRequest.newBuilder(address).method(method, Answers.publisher(body));
      headers.forEach(request::header);
      String bearer = token == null ? "" : token.get();
      if (!bearer.isEmpty()) {
        request.header("authorization", "Bearer " + bearer);
      }
      HttpAnswer answer = transport.send(request.build(), RequestDeadline.left(timeout));
      if (answer.status() == 401 && token != null) {
        token.refused(bearer);
      }
      return answer;
    } catch (IOException e) {
      throw RequestFailure.of(e);
    }
  }

  private static String generation(HttpAnswer answer) throws RequestFailure {
    String generation = answer.header(GENERATION);
    if (generation.isEmpty()) {
      throw new RequestFailure(FailureKind.UNSUPPORTED, "answered without " + GENERATION, null);
    }
    return generation;
  }

  private static void require(HttpAnswer answer, int expected) throws IOException {
    if (answer.status() == expected) {
      return;
    }
    String code = XmlElements.first(answer.errorBody(), "Code");
    throw Answers.failure(kind(answer.status(), code), answer, code);
  }

  private static FailureKind kind(int status, String code) {
    return switch (code) {
      case "NoSuchBucket" -> FailureKind.NO_BUCKET;
      case "InvalidSecurity", "AuthenticationRequired" -> FailureKind.CREDENTIALS;
      default ->
          switch (status) {
            // The token was forgotten; the next attempt asks for another.
            case 401 -> FailureKind.STALE_SIGNATURE;
            case 410 -> FailureKind.MISSING;
            default -> FailureKind.ofStatus(status);
          };
    };
  }

  /**
   * The session begins with the first piece. A repetition asks how far the store has come, as a
   * piece must begin there.
   */
  private final class Resumable implements Upload {

    private final String key;
    private final String writeToken;
    private @Nullable URI session;
    private long persisted;
    private boolean unsure;

    Resumable(String key, String writeToken) {
      this.key = key;
      this.writeToken = writeToken;
    }

    @Override
    public void part(int number, long offset, ByteBuffer bytes) throws IOException {
      push(offset, bytes, "*", true);
    }

    @Override
    public void complete(int number, long offset, ByteBuffer last, boolean ifAbsent)
        throws IOException {
      push(offset, last, Long.toString(offset + last.remaining()), ifAbsent);
    }

    @Override
    public void abort() throws IOException {
      URI begun = session;
      if (begun != null) {
        // 499 is what the store calls a cancelled one.
        send("DELETE", begun, Map.of(), null).close();
      }
    }

    private void push(long offset, ByteBuffer bytes, String total, boolean ifAbsent)
        throws IOException {
      URI target = session == null ? begin(ifAbsent) : session;
      if (unsure && !catchUp(target)) {
        return; // the whole object is there
      }
      unsure = true;
      int skipped = (int) Math.max(0, persisted - offset);
      ByteBuffer rest = bytes.duplicate();
      rest.position(rest.position() + Math.min(skipped, rest.remaining()));
      if (!rest.hasRemaining() && total.equals("*")) {
        unsure = false;
        return;
      }
      long from = offset + skipped;
      String range =
          rest.hasRemaining()
              ? "bytes " + from + "-" + (from + rest.remaining() - 1) + "/" + total
              : "bytes */" + total;
      try (HttpAnswer answer = send("PUT", target, Map.of("content-range", range), rest)) {
        if (total.equals("*")) {
          require(answer, 308);
          persisted = persisted(answer);
          if (persisted < from + rest.remaining()) {
            throw new RequestFailure(
                FailureKind.UNAVAILABLE, "kept only " + persisted + " bytes", null);
          }
        } else {
          require(answer, 200);
        }
      }
      unsure = false;
    }

    /** False when the upload is complete. */
    private boolean catchUp(URI target) throws IOException {
      try (HttpAnswer answer =
          send("PUT", target, Map.of("content-range", "bytes */*"), ByteBuffer.wrap(new byte[0]))) {
        if (answer.status() == 200 || answer.status() == 201) {
          return false;
        }
        require(answer, 308);
        persisted = persisted(answer);
        return true;
      }
    }

    private URI begin(boolean ifAbsent) throws IOException {
      Map<String, String> headers = newObject(writeToken);
      headers.put("x-goog-resumable", "start");
      if (ifAbsent) {
        headers.put(IF_GENERATION, "0");
      }
      try (HttpAnswer answer =
          send("POST", objectAddress(key), headers, ByteBuffer.wrap(new byte[0]))) {
        require(answer, 201);
        URI begun = URI.create(answer.header("location"));
        session = begun;
        return begun;
      }
    }

    private static long persisted(HttpAnswer answer) {
      String range = answer.header("range");
      return range.isEmpty() ? 0 : Long.parseLong(range.substring(range.indexOf('-') + 1)) + 1;
    }
  }
}
