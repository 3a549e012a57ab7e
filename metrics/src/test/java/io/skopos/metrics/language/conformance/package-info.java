/**
 * Runs PromQL test scripts (the {@code .test} format of Prometheus' promqltest) against an engine:
 * {@link io.skopos.metrics.language.conformance.TestScript} reads them, {@link
 * io.skopos.metrics.language.conformance.ScriptRun} feeds a store and asks, {@link
 * io.skopos.metrics.language.conformance.ResultCheck} compares. The store is exchangeable.
 */
@NullMarked
package io.skopos.metrics.language.conformance;

import org.jspecify.annotations.NullMarked;
