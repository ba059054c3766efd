/**
 * What the machine can do: bare Express, the same driver and durability, one prepared statement in its own transaction for each
 * write, and the Patient written by hand. `{kind, location, base, mapping}` on the command line; prints its port.
 */
import express from 'express';
import { drivers } from './drivers.mjs';
import { answered } from './people.mjs';

const { kind, location, base, mapping } = JSON.parse(process.argv[2]);
const database = await drivers[kind](location);

const rowOf = ({ identifier, name: [name], telecom, gender, birthDate, address: [address] }) => ({
  id: identifier[0].value,
  family: name.family,
  given: name.given[0],
  sex: gender === 'male' ? 'M' : 'F',
  birth_date: birthDate,
  phone: telecom[0].value,
  email: telecom[1].value,
  street: address.line[0],
  city: address.city,
  postal_code: address.postalCode,
  country: address.country,
});
const url = ({ id, meta }) => `${base}/Patient/${id}/_history/${meta.versionId}`;

const app = express()
  .disable('x-powered-by')
  .disable('etag')
  .use(express.json({ type: ['application/fhir+json', 'application/json-patch+json'], limit: '10mb' }));
const send = (response, status, body) => {
  response.statusCode = status;
  response.setHeader('Content-Type', 'application/fhir+json; charset=utf-8');
  response.end(JSON.stringify(body));
};
const sendPatient = (response, status, row) => {
  const resource = answered(row, mapping);
  response.setHeader('ETag', `W/"${resource.meta.versionId}"`);
  if (status === 201) response.setHeader('Location', url(resource));
  send(response, status, resource);
};

app.post('/fhir/Patient', async (request, response) => {
  const row = rowOf(request.body);
  const criteria = request.headers['if-none-exist'];
  if (criteria === undefined) await database.insert(row);
  else if (!(await database.insertUnless(criteria.split('|')[1], row))) return response.sendStatus(200);
  sendPatient(response, 201, row);
});
app.put('/fhir/Patient/:id', async (request, response) => {
  const row = rowOf(request.body);
  await database.update(row);
  sendPatient(response, 200, row);
});
app.patch('/fhir/Patient/:id', async (request, response) => {
  const [{ value }] = request.body;
  sendPatient(response, 200, await database.changePhone(request.params.id.slice('register.'.length), value));
});
app.post('/fhir', async (request, response) => {
  const rows = request.body.entry.map(({ resource }) => rowOf(resource));
  await database.insertAll(rows);
  const entry = rows.map((row) => {
    const resource = answered(row, mapping);
    return {
      fullUrl: `${base}/Patient/${resource.id}`,
      resource,
      response: { status: '201', location: url(resource), etag: `W/"${resource.meta.versionId}"` },
    };
  });
  send(response, 200, { resourceType: 'Bundle', type: 'transaction-response', entry });
});
const server = app.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
