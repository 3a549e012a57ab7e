// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Loki's HTTP interface for questions. {@link io.skopos.logs.api.LokiApi} registers the endpoints;
 * each reads its parameters ({@link io.skopos.logs.api.LokiParameters}), runs its work through the
 * shared {@link io.skopos.serving.query.QueryRunner}, and streams its answer. Errors are text, as
 * Loki's are. Nothing of a question is decided here that the language or the store decides.
 */
@NullMarked
package io.skopos.logs.api;

import org.jspecify.annotations.NullMarked;
