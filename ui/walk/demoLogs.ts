// Copyright The Skopos Authors.
// SPDX-License-Identifier: Apache-2.0

/** The shop's logs over an hour: access lines, JSON, Java with stack traces, terminal colours; payments fail in a spell at the end. */

const MINUTES = 60;
const SPELL_MINUTES = 12;

interface Stream {
  stream: Record<string, string>;
  values: [string, string, Record<string, string>?][];
}

function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

async function pushLogs(url: string, streams: Stream[]): Promise<void> {
  const response = await fetch(`${url}/loki/api/v1/push`, {
    method: 'POST',
    body: JSON.stringify({ streams }),
    headers: { 'Content-Type': 'application/json' },
  });
  if (!response.ok) throw new Error(`the demo logs were refused: ${response.status} ${await response.text()}`);
}

const TRACE = `java.lang.IllegalStateException: payment was refused
${Array.from({ length: 14 }, (_, index) => `\tat com.shop.checkout.OrderService.step${index}(OrderService.java:${40 + index})`).join('\n')}
Caused by: java.net.SocketTimeoutException: Read timed out
\tat java.base/sun.nio.ch.NioSocketImpl.timedRead(NioSocketImpl.java:278)
\t... 61 more`;

const ROUTES = ['/', '/products', '/cart', '/checkout', '/search'];

export async function pushDemoLogs(url: string, now = Date.now()): Promise<void> {
  const random = seeded(11);
  const pick = <T>(all: T[]): T => all[Math.floor(random() * all.length)]!;
  const start = now - MINUTES * 60_000;
  const spell = now - SPELL_MINUTES * 60_000;
  const streams: Record<'access' | 'payment' | 'checkout' | 'frontend', Stream> = {
    access: { stream: { service_name: 'nginx', namespace: 'edge' }, values: [] },
    payment: { stream: { service_name: 'payment', namespace: 'shop' }, values: [] },
    checkout: { stream: { service_name: 'shop', namespace: 'shop', instance: 'shop-1:8080' }, values: [] },
    frontend: { stream: { service_name: 'frontend', namespace: 'shop' }, values: [] },
  };
  const ns = (time: number) => `${Math.floor(time)}${String(Math.floor(random() * 1e6)).padStart(6, '0')}`;
  for (let time = start; time < now; time += 1000) {
    const iso = new Date(time).toISOString();
    for (let one = 0; one < 3; one++) {
      const status = random() < 0.02 ? 500 : 200;
      streams.access.values.push([ns(time), `10.0.${Math.floor(random() * 9)}.${Math.floor(random() * 250)} - - [${iso}] "GET ${pick(ROUTES)} HTTP/1.1" ${status} ${Math.floor(random() * 9000)}`]);
    }
    const bad = time > spell && random() < 0.4;
    streams.payment.values.push([
      ns(time),
      JSON.stringify({ level: bad ? 'error' : 'info', msg: bad ? 'charge failed' : 'charge done', provider: pick(['visa', 'paypal', 'sepa']), took_ms: Math.round((bad ? 900 : 40) * (0.5 + random())), http: { status: bad ? 502 : 200 } }),
    ]);
    const order = Math.floor(random() * 5000);
    const failed = time > spell && random() < 0.1;
    streams.checkout.values.push([
      ns(time),
      failed ? `${iso} ERROR c.s.OrderController - order ${order} failed\n${TRACE}` : `${iso} INFO c.s.OrderService - order ${order} placed`,
      { trace_id: Math.floor(random() * 2 ** 32).toString(16).padStart(16, 'b') },
    ]);
    if (time % 2000 < 1000) {
      streams.frontend.values.push([ns(time), `\u001b[2m${iso}\u001b[0m \u001b[1;32mINFO\u001b[0m \u001b[36mrender\u001b[0m: page \u001b[1m${pick(ROUTES)}\u001b[0m in ${(random() * 90).toFixed(1)}ms`]);
    }
  }
  await pushLogs(url, Object.values(streams));
}
