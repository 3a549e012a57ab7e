// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
/**
 * What decoders of senders' bodies share, whatever the signal: {@link
 * io.skopos.web.wire.ProtobufReader} walks protobuf in place, {@link
 * io.skopos.web.wire.LabelBuffer} puts labels together as canonical bytes, {@link
 * io.skopos.web.wire.TextLines} steps through lines, {@link io.skopos.web.wire.Utf8Check} checks
 * texts; {@link io.skopos.web.wire.MalformedMessage} says what is wrong. No protocol of its own and
 * nothing of a store.
 */
@NullMarked
package io.skopos.web.wire;

import org.jspecify.annotations.NullMarked;
