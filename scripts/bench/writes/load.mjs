/** One round of writes, in a process of its own: `{port, kind, first, connections, seconds}` on the command line, what came of it as JSON. */
import autocannon from 'autocannon';
import { kinds } from './people.mjs';

const { port, kind, first, connections, seconds, amount } = JSON.parse(process.argv[2]);
const { request, status } = kinds[kind];
const acknowledged = [];
let next = first;
let made = 0;
const others = [];
/** Autocannon itself ends at whole seconds. */
const begun = performance.now();
let ended = begun;
const result = await autocannon({
  url: `http://127.0.0.1:${port}`,
  connections,
  ...(amount ? { amount } : { duration: seconds }),
  timeout: 60,
  requests: [
    {
      setupRequest: (asked, context) => {
        context.n = next++;
        return { ...asked, ...request(context.n) };
      },
      onResponse: (found, body, context) => {
        ended = performance.now();
        if (found !== status) others.push(`${found} ${body.slice(0, 500)}`);
        else if (made++ % 50 === 0) acknowledged.push(context.n);
      },
    },
  ],
});
const { latency, errors, timeouts } = result;
process.stdout.write(
  JSON.stringify({
    rate: (made * 1000) / (ended - begun),
    p99: latency.p99,
    made,
    failed: others.length + errors + timeouts,
    others: others.slice(0, 3),
    acknowledged,
    next,
  }),
);
