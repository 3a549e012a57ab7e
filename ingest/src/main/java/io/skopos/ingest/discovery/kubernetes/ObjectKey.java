// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.ingest.discovery.kubernetes;

/**
 * What names an object of one kind.
 *
 * @param namespace empty for objects of the whole cluster
 */
record ObjectKey(String namespace, String name) {

  @Override
  public String toString() {
    return namespace.isEmpty() ? name : namespace + "/" + name;
  }
}
