/**
 * worker.ts as one script, with all that an audit needs: a text, so that there is no file to find,
 * whatever the program is packed in. The build puts it here (bin/dev/worker-text.js); empty where
 * nothing was built, and then there are no threads.
 */
export const workerText: string = "";
