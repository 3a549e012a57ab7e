// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.web;

/** The request methods an endpoint can be registered for. */
public enum Method {
  GET,
  POST,
  PUT,
  DELETE
}
