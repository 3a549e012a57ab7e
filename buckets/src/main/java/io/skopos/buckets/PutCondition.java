// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

/** What must hold for an object to be written. */
public sealed interface PutCondition {

  /** Nothing; another object is replaced. */
  record Always() implements PutCondition {}

  /** There is none under the key. */
  record IfAbsent() implements PutCondition {}

  /** The one under the key has this version. */
  record IfVersion(String version) implements PutCondition {}
}
