// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0
package io.skopos.logs.receive;

import io.skopos.logs.LogsByTenant;
import io.skopos.logs.wire.Discoveries;
import io.skopos.storage.Intake;
import io.skopos.web.ErrorShape;
import io.skopos.web.Routes;
import io.skopos.web.access.Right;
import io.skopos.web.receive.Receipts;
import java.time.InstantSource;

/** The HTTP endpoints that take log entries. Thread-safe. */
public final class LogReceiveApi {

  private final PushEndpoint push;
  private final BulkEndpoint bulk;
  private final LinesEndpoint lines;

  public LogReceiveApi(
      Intake intake, Receipts receipts, LogsByTenant configs, InstantSource clock) {
    Discoveries discoveries = new Discoveries(configs);
    push = new PushEndpoint(intake, receipts, discoveries);
    bulk = new BulkEndpoint(intake, receipts, discoveries, clock);
    lines = new LinesEndpoint(intake, receipts, discoveries, clock);
  }

  public void register(Routes routes) {
    Routes.Family text = routes.family(ErrorShape.PLAIN_TEXT, Right.WRITE);
    push.register(text);
    lines.register(text);
    bulk.register(routes);
    new ElasticsearchHandshake().register(routes);
  }
}
