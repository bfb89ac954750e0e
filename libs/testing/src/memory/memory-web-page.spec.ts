import { runContract, webPageContract } from '../contracts';
import { MemoryWebPage } from './memory-web-page';

runContract('MemoryWebPage', webPageContract, () => {
  const page = new MemoryWebPage();
  return {
    subject: {
      page,
      serve: (path, answer) => page.serve(path, answer),
      privately: (path) => page.privately(path),
    },
  };
});
