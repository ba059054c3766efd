import { constant, type IdScheme, table } from 'healthsync/mapping';

/**
 * Nodes have a name and nothing else, and a name may be no part of an id. So nobody is served from here until ids can be stored:
 * what Patient, Practitioner and CareTeam are made of is said for ids that are handed in.
 */
export const doctors = table('Doctor', { key: ['name'], columns: { name: 'text' } });
export const patients = table('Patient', { key: ['name'], columns: { name: 'text' } });

export const treats = table('(:Doctor)-[:TREATS]->(:Patient)', {
  key: ['doctor', 'patient'],
  columns: { doctor: { path: 'start.name', type: 'text' }, patient: { path: 'end.name', type: 'text' } },
});

/** Ids of the nodes, by their names. */
export interface NodeIds {
  readonly doctor: IdScheme;
  readonly patient: IdScheme;
}

/** The unit whose graph it is. */
export const unit = constant('unit').facet('unit');
