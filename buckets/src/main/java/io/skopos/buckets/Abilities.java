// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.buckets;

/**
 * What a bucket can do beyond what it must.
 *
 * @param conditionalDelete deletes only the version named
 * @param conditionalComplete completes an upload only where there is no object
 * @param keepsTokens gives back what a writer left with its object
 */
public record Abilities(
    boolean conditionalDelete, boolean conditionalComplete, boolean keepsTokens) {

  static final Abilities ALL = new Abilities(true, true, true);
}
