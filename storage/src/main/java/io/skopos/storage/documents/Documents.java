// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.documents;

import io.skopos.model.TenantId;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Documents by tenant, kind and name. A change is durable and visible to all when it returns.
 *
 * <p>A kind is 1 to 63 lower-case letters, digits and dashes, and begins with a letter. A name is
 * any text of 1 to 80 bytes of UTF-8 without control characters. Others are an {@link
 * IllegalArgumentException}.
 *
 * <p>A damaged document is kept aside, listed under damaged files, and then not there. Thread-safe.
 */
public interface Documents {

  @Nullable Document get(TenantId tenant, String kind, String name) throws IOException;

  /**
   * @throws DocumentConflict when there is one of that name
   * @throws DocumentTooLarge when the content is above the limit
   */
  Document create(TenantId tenant, String kind, String name, byte[] content) throws IOException;

  /**
   * @param etag of the version that was read
   * @throws DocumentConflict when it has another version by now, or is gone
   * @throws DocumentTooLarge when the content is above the limit
   */
  Document change(TenantId tenant, String kind, String name, String etag, byte[] content)
      throws IOException;

  /**
   * @param etag of the version that was read
   * @throws DocumentConflict when it has another version by now, or is gone
   */
  void remove(TenantId tenant, String kind, String name, String etag) throws IOException;

  /**
   * Up to {@code limit} documents of a kind, in an order of the store's own. Continue with the name
   * of the last until a page is empty.
   *
   * @param afterName empty to begin
   */
  List<Document> list(TenantId tenant, String kind, String afterName, int limit) throws IOException;

  /** Calls the listener for every change of a document of that kind, until closed. */
  Watch watch(String kind, DocumentListener listener);

  /** Most bytes of a document's content. */
  int maxBytes();

  /** See {@link #watch}. */
  interface Watch extends AutoCloseable {
    @Override
    void close();
  }
}
