import { constant, table } from 'healthsync/mapping';

/** Nodes have a name and nothing else, and a name may be no part of an id: their ids are stored. */
export const doctors = table('Doctor', { key: ['name'], idStore: true, columns: { name: 'text' } });
export const patients = table('Patient', { key: ['name'], idStore: true, columns: { name: 'text' } });

export const treats = table('(:Doctor)-[:TREATS]->(:Patient)', {
  key: ['doctor', 'patient'],
  columns: { doctor: { path: 'start.name', type: 'text' }, patient: { path: 'end.name', type: 'text' } },
});

/** The unit whose graph it is. */
export const unit = constant('unit').facet('unit');
