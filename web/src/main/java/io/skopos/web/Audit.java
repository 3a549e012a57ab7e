// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

import io.skopos.model.TenantId;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/** Hears of calls that administer or act, and of those refused. Thread-safe; must not wait. */
@FunctionalInterface
public interface Audit {

  Audit NONE = _ -> {};

  void called(Call call);

  /**
   * One call. Holds no secret: neither bodies nor query strings nor credentials.
   *
   * @param caller the name of the credentials; null when access control is off or they were refused
   * @param tenant whose data it was about; null when the caller was refused before that was known
   * @param path as it was sent
   * @param detail what the endpoint says it did; may be empty
   * @param status the answer's
   * @param error the answer's message when it failed; else empty
   */
  record Call(
      @Nullable String caller,
      @Nullable TenantId tenant,
      String method,
      String path,
      String detail,
      InetAddress from,
      int status,
      String error) {}
}
