// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * Answers of queries as JSON, streamed: {@link io.skopos.serving.answer.JsonText} writes bytes
 * without making strings of labels and numbers, {@link io.skopos.serving.answer.ValueJson} the
 * shapes that Prometheus and Loki share. No endpoints here.
 */
@NullMarked
package io.skopos.serving.answer;

import org.jspecify.annotations.NullMarked;
