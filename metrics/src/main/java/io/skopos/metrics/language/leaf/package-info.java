/**
 * The lowest part of a query: one selector, its window and function, and the aggregation right
 * above it, evaluated series by series straight from the store into a step block. Each series is
 * read once; with an aggregation pushed down only groups × steps are held. Requests are plain data,
 * so that a leaf may one day run where the data is.
 */
@NullMarked
package io.skopos.metrics.language.leaf;

import org.jspecify.annotations.NullMarked;
