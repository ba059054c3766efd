/** `contact` holds "phone, email". */
export const phone = { part: { separator: ', ', count: 2, index: 0 } };
export const email = { part: { separator: ', ', count: 2, index: 1 } };

/** `location` holds "city, state, country"; a half that was not known reads `null`. */
const unknown = { absent: ['null', 'None'] };
export const city = { ...unknown, part: { separator: ', ', count: 3, index: 0 } };
export const state = { ...unknown, part: { separator: ', ', count: 3, index: 1 } };
export const country = { ...unknown, part: { separator: ', ', count: 3, index: 2 } };
