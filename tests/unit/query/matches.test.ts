import { runMatchCases } from '../../support/search-cases.js';

runMatchCases('search-dates');
runMatchCases('search-numbers');
runMatchCases('search-tokens');
runMatchCases('search-strings');
runMatchCases('search-references');
runMatchCases('search-composites');
