import { writeFileSync } from 'node:fs';
import { currentPage, PAGE } from './current-page';

writeFileSync(PAGE, currentPage());
