/** `contact` holds "phone, email". */
export const phone = { part: { separator: ',', count: 2, index: 0 } };
export const email = { part: { separator: ',', count: 2, index: 1 } };

/** `location` and the address of staff hold "city, state, country"; a piece that was not known reads `null`. */
const unknown = { absent: ['null', 'None'] };
export const packedLocation = { part: { separator: ',', count: 3, index: 2 } };
export const city = { ...unknown, part: { separator: ',', count: 3, index: 0 } };
export const state = { ...unknown, part: { separator: ',', count: 3, index: 1 } };
export const country = { ...unknown, part: { separator: ',', count: 3, index: 2 } };

/** `emergency_person` holds "Name (relation)", or the name alone. */
export const relation = { part: { separator: '(', count: 2, index: 1 } };
