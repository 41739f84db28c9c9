// The page before any place is loaded: follows the load, and shows the place once it is there.
import { fetchLoad } from '../api/load.ts';
import { LoadProgress } from '../panels/load-progress.ts';
import { readSentence } from '../state/words.ts';

const PAUSE_MS = 1000;
const LAST_WORDS_MS = 1500;

/** Follow the load until it has ended, then ask for the page anew. */
export async function startWaiting(root: HTMLElement): Promise<void> {
  const progress = new LoadProgress(root);
  const path = root.dataset['load'] ?? '';
  for (;;) {
    await pause(PAUSE_MS);
    try {
      const load = await fetchLoad(path);
      if (load.outcome !== 'running') break;
      progress.show(load);
    } catch (error) {
      // The service may be busy or starting again; the next question may be answered.
      console.info('How far the load is could not be asked.', error);
    }
  }
  progress.say(readSentence(document, 'loadEnded'));
  await pause(LAST_WORDS_MS);
  location.reload();
}

async function pause(milliseconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, milliseconds));
}
