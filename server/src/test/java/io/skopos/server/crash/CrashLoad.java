// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.server.crash;

import io.skopos.testkit.process.PrometheusApi;
import java.io.IOException;
import java.util.List;

/**
 * One kind of work that a server does while it is killed. It lives as long as the data directory,
 * through all kills, and knows what was acknowledged. One thread calls {@link #step}; {@link
 * #verify} is called when that thread has ended.
 */
interface CrashLoad {

  /**
   * One request or a few. An {@link IOException} means that the server was killed meanwhile: nobody
   * knows what became of the request at hand.
   */
  void step(PrometheusApi api) throws IOException, InterruptedException;

  /**
   * What is wrong with the server's answers, in words; empty when all that was acknowledged is
   * there, once, and nothing else is.
   */
  List<String> verify(PrometheusApi api) throws IOException, InterruptedException;
}
