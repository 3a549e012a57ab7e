/**
 * PromQL: text is parsed, checked, and evaluated over a {@link
 * io.skopos.metrics.store.SampleSource}. {@link io.skopos.metrics.language.PromqlEngine} is the
 * door. Selectors and range functions become leaf requests, plain data that a leaf executor turns
 * into step blocks; everything above them is block operators of the room {@code engine} and
 * functions of the package {@code function}.
 */
@NullMarked
package io.skopos.metrics.language;

import org.jspecify.annotations.NullMarked;
