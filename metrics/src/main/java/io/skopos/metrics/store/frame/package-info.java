/**
 * What the log carries for metrics (docs/formats/metrics-frame.md): a batch is split by shard, its
 * label sets become references into the frame's own dictionary, times, values, histograms, starts
 * and exemplars become columns. {@link io.skopos.metrics.store.frame.FrameEncoder} runs in the
 * thread that received the samples; {@link io.skopos.metrics.store.frame.FrameDecoder} runs at
 * replay and trusts no length it reads. No state outlives a frame.
 */
@NullMarked
package io.skopos.metrics.store.frame;

import org.jspecify.annotations.NullMarked;
