/** One round of load, in a process of its own: `{port, paths, connections, seconds}` on the command line, what came of it as JSON. */
import autocannon from 'autocannon';

const { port, paths, connections, seconds, amount } = JSON.parse(process.argv[2]);
const result = await autocannon({
  url: `http://127.0.0.1:${port}`,
  connections,
  ...(amount ? { amount } : { duration: seconds }),
  timeout: 60,
  requests: paths.map((path) => ({ path })),
});
const { requests, latency, non2xx, errors } = result;
process.stdout.write(
  JSON.stringify({
    rate: requests.total / result.duration,
    p50: latency.p50,
    p99: latency.p99,
    failed: non2xx + errors,
  }),
);
