/** The search text is not legal R4: a server answers 4xx (R4 search.html#errors), so there is no answer to compare. */
export class Refused extends Error {}
