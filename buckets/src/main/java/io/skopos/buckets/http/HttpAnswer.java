// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets.http;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.net.http.HttpHeaders;

/** A store's answer; closing it drops what is left of the body. */
public record HttpAnswer(int status, HttpHeaders headers, InputStream body)
    implements AutoCloseable {

  private static final int MAX_ERROR_BYTES = 64 << 10;

  /** A header's value, empty when it is not there. */
  public String header(String name) {
    return headers.firstValue(name).orElse("");
  }

  /**
   * The body of an error, bounded. It only explains the status: when it breaks off, as after a
   * refusal of a request that was not read to its end, it is empty.
   */
  public byte[] errorBody() throws InterruptedIOException {
    try {
      return body.readNBytes(MAX_ERROR_BYTES);
    } catch (InterruptedIOException e) {
      throw e;
    } catch (IOException e) {
      return new byte[0];
    }
  }

  @Override
  public void close() throws IOException {
    body.close();
  }
}
