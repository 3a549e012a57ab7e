// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.azure;

import io.skopos.buckets.Bucket;
import io.skopos.buckets.FailureKind;
import io.skopos.buckets.ListPage;
import io.skopos.buckets.ObjectHead;
import io.skopos.buckets.PutCondition;
import io.skopos.buckets.RequestDeadline;
import io.skopos.buckets.RequestFailure;
import io.skopos.buckets.SecretFile;
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
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A container of Azure Blob Storage; objects are block blobs. Thread-safe. */
public final class AzureBucket implements Bucket {

  private static final String API_VERSION = "2021-12-02";
  private static final String TOKEN_HEADER = "x-ms-meta-skoposwrite";
  private static final int MAX_BLOCKS = 50_000;
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final HttpTransport transport;
  private final AzureAccess access;
  private final Duration timeout;
  private final String container;
  private final String base;
  private final String tier;
  private final String description;
  private final ListMarkers markers = new ListMarkers();

  /**
   * @param transport closed with this
   */
  public AzureBucket(
      ObjectStoreConfig config, HttpTransport transport, Map<String, String> environment)
      throws IOException {
    this.transport = transport;
    this.access = access(config.credentials(), transport, environment);
    this.timeout = config.requests().attemptTimeout();
    this.container = config.bucket();
    String endpoint =
        config.endpoint().isEmpty()
            ? "https://" + config.credentials().account() + ".blob.core.windows.net"
            : config.endpoint();
    this.base = (endpoint.endsWith("/") ? endpoint : endpoint + "/") + container;
    this.tier = config.storageClass();
    this.description = "Azure container '" + container + "' at " + endpoint;
  }

  @Override
  public String description() {
    return description;
  }

  @Override
  public String put(String key, byte[] bytes, PutCondition condition, String writeToken)
      throws IOException {
    Map<String, String> headers = new LinkedHashMap<>();
    headers.put("x-ms-blob-type", "BlockBlob");
    headers.put("content-type", "application/octet-stream");
    headers.put(TOKEN_HEADER, writeToken);
    addTier(headers);
    addCondition(headers, condition);
    try (HttpAnswer answer = send("PUT", path(key), Map.of(), headers, ByteBuffer.wrap(bytes))) {
      require(answer, 201);
      return answer.header("etag");
    }
  }

  @Override
  public VersionedObject get(String key, int maxBytes) throws IOException {
    try (HttpAnswer answer = send("GET", path(key), Map.of(), Map.of(), null)) {
      require(answer, 200);
      return new VersionedObject(
          Answers.whole(answer, maxBytes, description, key), answer.header("etag"));
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
    try (HttpAnswer answer = send("GET", path(key), Map.of(), Map.of("x-ms-range", range), null)) {
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
    try (HttpAnswer answer = send("HEAD", path(key), Map.of(), Map.of(), null)) {
      require(answer, 200);
      return new ObjectHead(
          Answers.length(answer),
          answer.header("etag"),
          answer.headers().firstValue(TOKEN_HEADER).orElse(null));
    }
  }

  @Override
  public ListPage list(String prefix, String after, int limit) throws IOException {
    String marker = after.isEmpty() ? "" : markers.get(prefix, after);
    Map<String, String> query = new LinkedHashMap<>();
    query.put("restype", "container");
    query.put("comp", "list");
    query.put("prefix", prefix);
    String at = marker == null ? "" : marker;
    // Without a marker the pages before are read as well, the largest the store gives.
    query.put("maxresults", Integer.toString(marker == null ? 5000 : limit));
    while (true) {
      if (!at.isEmpty()) {
        query.put("marker", at);
      }
      List<ObjectSummary> objects = new ArrayList<>();
      String next = page(query, objects);
      if (!objects.isEmpty() && !next.isEmpty()) {
        markers.put(prefix, objects.getLast().key(), next);
      }
      List<ObjectSummary> wanted =
          objects.stream().filter(object -> object.key().compareTo(after) > 0).toList();
      boolean cut = wanted.size() > limit;
      if (!wanted.isEmpty() || next.isEmpty()) {
        List<ObjectSummary> given = cut ? wanted.subList(0, limit) : wanted;
        boolean more = cut || !next.isEmpty();
        return new ListPage(given, more && !given.isEmpty() ? given.getLast().key() : null);
      }
      at = next;
    }
  }

  @Override
  public void delete(String key, @Nullable String version) throws IOException {
    Map<String, String> headers = version == null ? Map.of() : Map.of("if-match", version);
    try (HttpAnswer answer = send("DELETE", path(key), Map.of(), headers, null)) {
      require(answer, 202);
    }
  }

  @Override
  public Upload upload(String key, String writeToken) {
    return new Blocks(key, writeToken);
  }

  @Override
  public int minPartBytes() {
    return 1;
  }

  @Override
  public int maxParts() {
    return MAX_BLOCKS;
  }

  @Override
  public void close() {
    transport.close();
  }

  private static AzureAccess access(
      Credentials given, HttpTransport transport, Map<String, String> environment)
      throws IOException {
    if (given.anonymous()) {
      return new NoAccess();
    }
    if (!given.accountKey().isEmpty() || !given.accountKeyFile().isEmpty()) {
      SecretFile key =
          new SecretFile(
              "storage.object_store.credentials.account_key_file",
              given.accountKey(),
              given.accountKeyFile());
      key.read();
      return new SharedKey(given.account(), key);
    }
    if (!given.sasToken().isEmpty() || !given.sasTokenFile().isEmpty()) {
      SecretFile signature =
          new SecretFile(
              "storage.object_store.credentials.sas_token_file",
              given.sasToken(),
              given.sasTokenFile());
      signature.read();
      return new SharedAccessSignature(signature);
    }
    return new IdentityToken(
        new AccessToken(
            transport,
            AzureIdentity.of(environment, given.managedIdentity()),
            InstantSource.system()));
  }

  private String page(Map<String, String> query, List<ObjectSummary> into) throws IOException {
    try (HttpAnswer answer = send("GET", "", query, Map.of(), null)) {
      if (answer.status() == 404) {
        throw new RequestFailure(FailureKind.NO_BUCKET, "answered 404 ContainerNotFound", null);
      }
      require(answer, 200);
      String name = "";
      String next = "";
      for (XmlElements.Element element :
          XmlElements.read(
              answer.body().readAllBytes(), Set.of("Name", "Content-Length", "NextMarker"))) {
        switch (element.name()) {
          case "Name" -> name = element.text();
          case "Content-Length" ->
              into.add(new ObjectSummary(name, Long.parseLong(element.text())));
          default -> next = element.text();
        }
      }
      return next;
    } catch (IOException e) {
      throw RequestFailure.of(e);
    }
  }

  private static String path(String key) {
    return "/" + Addresses.path(key);
  }

  private void addTier(Map<String, String> headers) {
    if (!tier.isEmpty()) {
      headers.put("x-ms-access-tier", tier);
    }
  }

  private static void addCondition(Map<String, String> headers, PutCondition condition) {
    switch (condition) {
      case PutCondition.Always() -> {}
      case PutCondition.IfAbsent() -> headers.put("if-none-match", "*");
      case PutCondition.IfVersion(String version) -> headers.put("if-match", version);
    }
  }

  private HttpAnswer send(
      String method,
      String path,
      Map<String, String> query,
      Map<String, String> headers,
      @Nullable ByteBuffer body)
      throws IOException {
    try {
      StringBuilder address = new StringBuilder(base).append(path);
      String separator = "?";
      for (Map.Entry<String, String> each : query.entrySet()) {
        address.append(separator).append(each.getKey()).append('=');
        address.append(Addresses.value(each.getValue()));
        separator = "&";
      }
      String signature = access.query();
      if (!signature.isEmpty()) {
        address.append(separator).append(signature, 1, signature.length());
      }
      URI uri = URI.create(address.toString());
      SortedMap<String, String> all = new TreeMap<>(headers);
      all.put("x-ms-date", HTTP_DATE.format(Instant.now()));
      all.put("x-ms-version", API_VERSION);
      int length = body == null ? 0 : body.remaining();
      String authorization = access.authorization(method, uri, all, query, length);
      HttpRequest.Builder request =
          HttpRequest.newBuilder(uri).method(method, Answers.publisher(body));
      all.forEach(request::header);
      if (!authorization.isEmpty()) {
        request.header("authorization", authorization);
      }
      return transport.send(request.build(), RequestDeadline.left(timeout));
    } catch (IOException e) {
      throw RequestFailure.of(e);
    }
  }

  private static void require(HttpAnswer answer, int expected) throws IOException {
    if (answer.status() == expected) {
      return;
    }
    String code = answer.header("x-ms-error-code");
    if (code.isEmpty()) {
      code = XmlElements.first(answer.errorBody(), "Code");
    }
    throw Answers.failure(kind(answer.status(), code), answer, code);
  }

  private static FailureKind kind(int status, String code) {
    return switch (code) {
      case "ContainerNotFound", "ContainerBeingDeleted", "ResourceNotFound" ->
          FailureKind.NO_BUCKET;
      case "BlobAlreadyExists", "ConditionNotMet", "TargetConditionNotMet" ->
          FailureKind.PRECONDITION;
      case "ServerBusy", "TooManyRequests" -> FailureKind.THROTTLED;
      case "AuthenticationFailed", "InvalidAuthenticationInfo", "NoAuthenticationInformation" ->
          FailureKind.CREDENTIALS;
      default -> FailureKind.ofStatus(status);
    };
  }

  /** Blocks are invisible until the list of them is committed; left ones go after a week. */
  private final class Blocks implements Upload {

    private final String key;
    private final String writeToken;
    private final List<String> ids = new ArrayList<>();

    Blocks(String key, String writeToken) {
      this.key = key;
      this.writeToken = writeToken;
    }

    @Override
    public void part(int number, long offset, ByteBuffer bytes) throws IOException {
      // Two writers of one key do not mix their blocks.
      String id =
          Base64.getEncoder()
              .encodeToString(
                  String.format(Locale.ROOT, "%s-%08d", writeToken, number)
                      .getBytes(StandardCharsets.US_ASCII));
      Map<String, String> query = new LinkedHashMap<>();
      query.put("comp", "block");
      query.put("blockid", id);
      try (HttpAnswer answer = send("PUT", path(key), query, Map.of(), bytes)) {
        require(answer, 201);
      }
      if (!ids.contains(id)) {
        ids.add(id);
      }
    }

    @Override
    public void complete(int number, long offset, ByteBuffer last, boolean ifAbsent)
        throws IOException {
      if (ids.size() < number) {
        part(number, offset, last);
      }
      StringBuilder list = new StringBuilder("<?xml version=\"1.0\"?><BlockList>");
      ids.forEach(id -> list.append("<Latest>").append(id).append("</Latest>"));
      list.append("</BlockList>");
      Map<String, String> headers = new LinkedHashMap<>();
      headers.put("x-ms-blob-content-type", "application/octet-stream");
      headers.put("content-type", "application/xml");
      headers.put(TOKEN_HEADER, writeToken);
      addTier(headers);
      if (ifAbsent) {
        headers.put("if-none-match", "*");
      }
      ByteBuffer body = ByteBuffer.wrap(list.toString().getBytes(StandardCharsets.US_ASCII));
      try (HttpAnswer answer = send("PUT", path(key), Map.of("comp", "blocklist"), headers, body)) {
        require(answer, 201);
      }
    }

    @Override
    public void abort() {}
  }
}
