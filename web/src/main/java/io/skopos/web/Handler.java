// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

/**
 * Answers one request. Runs on a thread that may wait (virtual by default) but must not compute for
 * long: heavy work goes to {@link CpuWorkers}. A {@link HttpError} becomes an answer in the shape
 * of the endpoint's family; any other exception is logged and answered with 500.
 */
@FunctionalInterface
public interface Handler {
  Response handle(Request request) throws Exception;
}
