// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.storage.objects;

/** One line of a listing. */
public record ObjectSummary(String key, long size) {}
