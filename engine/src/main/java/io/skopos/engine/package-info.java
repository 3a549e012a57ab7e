// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What all query languages share once a selector has been evaluated: step blocks (series × steps),
 * the operators over them, the budget every query spends from, and the values it answers with. It
 * knows no language, no store and no wire format.
 */
@NullMarked
package io.skopos.engine;

import org.jspecify.annotations.NullMarked;
