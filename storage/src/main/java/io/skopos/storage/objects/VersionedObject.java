// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

/** An object read whole, with the version to replace it by. */
public record VersionedObject(byte[] bytes, String version) {}
