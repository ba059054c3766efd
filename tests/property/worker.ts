import { campaign, type Request } from './campaign.js';
import { hospitals } from './hospitals.js';

/** A process of `npm run prove`: does what it is asked, one request after the other, and says what came of it. */
const all = await hospitals();
process.on('message', async (request: Request) => {
  process.send!(await campaign(all, request));
});
process.send!('ready');
